package lanewise.peers;

import lanewise.benchmarks.jmh.Shape;
import lanewise.benchmarks.jmh.SparseBenchmark;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.Dataset;

/**
 * What anybody would write first for sparse rows, and what Vowpal Wabbit does: plain loops, an update of the weights a row.
 * Of two classes it keeps one weight a feature and takes the logistic function, of more the softmax.
 */
public final class PlainLoops implements Peer {
    @Override
    public String name() {
        return "plain";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        if (!work.kernel().equals("epoch-sparse-updates") || work.threads() != 1) {
            return null;
        }
        Shape shape = work.shape();
        Dataset data = SparseBenchmark.rows(shape.size(0), shape.size(1), shape.size(2), shape.size(3), 1);
        return data.classes() == 2 ? new Logistic(data) : new Softmax(data);
    }

    /** The rows, their labels, and so many weights a feature. */
    private abstract static class Rows implements Contender {
        final int[] labels;
        final int[] starts;
        final int[] columns;
        final float[] values;
        final float[] w;

        Rows(Dataset data, int weights) {
            Csr x = data.sparse().orElseThrow();
            labels = data.labels();
            starts = x.rowStart();
            columns = x.columns();
            values = x.values();
            w = new float[data.features() * weights];
        }
    }

    /** p = 1 / (1 + exp(-z)); w -= 2 rate x (p - y), as far as two rows of a softmax move apart. */
    private static final class Logistic extends Rows {
        private static final float RATE = 2 * SparseBenchmark.RATE;

        private float bias;

        Logistic(Dataset data) {
            super(data, 1);
        }

        @Override
        public void run() {
            for (int i = 0; i < labels.length; i++) {
                int end = starts[i + 1];
                float z = bias;
                for (int e = starts[i]; e < end; e++) {
                    z += values[e] * w[columns[e]];
                }
                float step = RATE * (labels[i] - (float) (1 / (1 + Math.exp(-z))));
                for (int e = starts[i]; e < end; e++) {
                    w[columns[e]] += step * values[e];
                }
                bias += step;
            }
        }

        @Override
        public float[] result() {
            return w;
        }
    }

    /** p = exp(z) / sum exp(z); w(c) -= rate x (p(c) - y(c)), the weights of a feature side by side. */
    private static final class Softmax extends Rows {
        private final int classes;
        private final float[] bias;
        private final float[] z;

        Softmax(Dataset data) {
            super(data, data.classes());
            classes = data.classes();
            bias = new float[classes];
            z = new float[classes];
        }

        @Override
        public void run() {
            for (int i = 0; i < labels.length; i++) {
                int end = starts[i + 1];
                System.arraycopy(bias, 0, z, 0, classes);
                for (int e = starts[i]; e < end; e++) {
                    int at = columns[e] * classes;
                    float x = values[e];
                    for (int c = 0; c < classes; c++) {
                        z[c] += x * w[at + c];
                    }
                }
                toSteps(labels[i]);
                for (int e = starts[i]; e < end; e++) {
                    int at = columns[e] * classes;
                    float x = values[e];
                    for (int c = 0; c < classes; c++) {
                        w[at + c] += x * z[c];
                    }
                }
                for (int c = 0; c < classes; c++) {
                    bias[c] += z[c];
                }
            }
        }

        private void toSteps(int label) {
            float most = z[0];
            for (int c = 1; c < classes; c++) {
                most = Math.max(most, z[c]);
            }
            float sum = 0;
            for (int c = 0; c < classes; c++) {
                z[c] = (float) Math.exp(z[c] - most);
                sum += z[c];
            }
            for (int c = 0; c < classes; c++) {
                z[c] = SparseBenchmark.RATE * ((c == label ? 1 : 0) - z[c] / sum);
            }
        }

        @Override
        public float[] result() {
            return SparseBenchmark.apart(w, classes);
        }
    }
}
