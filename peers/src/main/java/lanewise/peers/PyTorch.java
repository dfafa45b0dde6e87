package lanewise.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxFolder;

/** PyTorch through DJL. It makes a new tensor for every result, as it does in Python. */
public final class PyTorch implements Peer {
    private static final float LEARNING_RATE = 0.2f;
    private static final int BATCH = 100;

    @Override
    public String name() {
        return "pytorch";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(work.threads()));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        NDManager manager = NDManager.newBaseManager("PyTorch");
        int rows = work.shape().size(0);
        switch (work.kernel()) {
            case "sgemm" -> {
                int k = work.shape().size(1);
                NDArray a = matrix(manager, operands[0], work.shape().trans().charAt(0) == 'T', rows, k);
                NDArray b = matrix(
                        manager,
                        operands[1],
                        work.shape().trans().charAt(1) == 'T',
                        k,
                        work.shape().size(2));
                return new Results(manager, () -> a.matMul(b));
            }
            case "softmax" -> {
                NDArray x =
                        manager.create(operands[0], new Shape(rows, work.shape().size(1)));
                return new Results(manager, () -> x.softmax(1));
            }
            case "exp" -> {
                NDArray x = manager.create(operands[0]);
                return new Results(manager, x::exp);
            }
            case "epoch-softmax" -> {
                return epoch(manager);
            }
            default -> {
                manager.close();
                return null;
            }
        }
    }

    private static NDArray matrix(NDManager manager, float[] values, boolean transposed, int rows, int cols) {
        return transposed
                ? manager.create(values, new Shape(cols, rows)).transpose()
                : manager.create(values, new Shape(rows, cols));
    }

    /** The course's epoch: the gradient written out, no automatic differentiation. */
    private static Contender epoch(NDManager manager) {
        Dataset mnist = IdxFolder.load(Checkout.root().resolve("data/mnist")).train();
        float[] onehot = new float[mnist.rows() * mnist.classes()];
        for (int i = 0; i < mnist.rows(); i++) {
            onehot[i * mnist.classes() + mnist.labels()[i]] = 1;
        }
        NDArray x = manager.create(mnist.values(), new Shape(mnist.rows(), mnist.features()));
        NDArray y = manager.create(onehot, new Shape(mnist.rows(), mnist.classes()));
        NDArray w = manager.zeros(new Shape(mnist.features(), mnist.classes()));
        // To parse them is no part of an epoch.
        List<NDIndex> batches = IntStream.range(0, mnist.rows() / BATCH)
                .mapToObj(batch -> new NDIndex(batch * BATCH + ":" + (batch + 1) * BATCH))
                .toList();
        return new Contender() {
            @Override
            public void run() {
                for (NDIndex batch : batches) {
                    try (NDManager step = manager.newSubManager()) {
                        NDArray xb = x.get(step, batch);
                        NDArray p = xb.matMul(w).softmax(1).subi(y.get(step, batch));
                        w.subi(xb.transpose().matMul(p).muli(LEARNING_RATE / BATCH));
                    }
                }
            }

            @Override
            public float[] result() {
                return w.toFloatArray();
            }

            @Override
            public void close() {
                manager.close();
            }
        };
    }

    /** Something that makes a new tensor. */
    private static final class Results implements Contender {
        private final NDManager manager;
        private final Supplier<NDArray> body;

        Results(NDManager manager, Supplier<NDArray> body) {
            this.manager = manager;
            this.body = body;
        }

        @Override
        public void run() {
            body.get().close();
        }

        @Override
        public float[] result() {
            try (NDArray y = body.get()) {
                return y.toFloatArray();
            }
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
