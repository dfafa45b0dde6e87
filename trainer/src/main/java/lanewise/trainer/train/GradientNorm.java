package lanewise.trainer.train;

import java.util.Arrays;
import lanewise.kernels.Workers;

/**
 * The Euclidean norm of a whole gradient. Its tensors are cut into chunks of fixed size, which the threads share; each
 * chunk sums its squares in double, and the sums of the chunks are added in order: so the norm does not depend on the number
 * of threads. A square of a float is exact in double, and none overflows.
 */
final class GradientNorm {
    /** Elements that a thread sums up at a time; so many that a chunk outlasts its bookkeeping. */
    private static final int CHUNK = 4_096;

    /** Sums that go side by side, since an addition takes four cycles and two can begin in each. */
    private static final int LANES = 8;

    /** What torch.nn.utils.clip_grad_norm_ adds to the norm, so that it never divides by 0. */
    private static final double EPSILON = 1e-6;

    private final float[][] tensors;

    /** Where in its array each begins and ends. */
    private final int[] begins;

    private final int[] ends;
    private final double[][] squares;
    private final Workers.Task task = this::sum;
    private int chunks;

    /** That of whole arrays. */
    GradientNorm(float[][] tensors) {
        this(
                tensors,
                new int[tensors.length],
                Arrays.stream(tensors).mapToInt(x -> x.length).toArray());
    }

    /** That of a part of an array. */
    GradientNorm(float[] tensor, int begin, int end) {
        this(new float[][] {tensor}, new int[] {begin}, new int[] {end});
    }

    private GradientNorm(float[][] tensors, int[] begins, int[] ends) {
        this.tensors = tensors;
        this.begins = begins;
        this.ends = ends;
        this.squares = new double[tensors.length][];
        for (int t = 0; t < tensors.length; t++) {
            squares[t] = new double[(ends[t] - begins[t] + CHUNK - 1) / CHUNK];
            chunks += squares[t].length;
        }
    }

    /** The norm of what the tensors hold now; NaN or infinite if an element is. */
    double of(Workers workers) {
        workers.run(task);
        double sum = 0;
        for (double[] ofTensor : squares) {
            for (double ofChunk : ofTensor) {
                sum += ofChunk;
            }
        }
        return Math.sqrt(sum);
    }

    /** What the gradient is multiplied by so that its norm is no larger than one that is given. */
    float factor(double most, Workers workers) {
        return (float) Math.min(1, most / (of(workers) + EPSILON));
    }

    private void sum(int part, int parts) {
        int from = Workers.start(chunks, part, parts);
        int to = Workers.start(chunks, part + 1, parts);
        int first = 0;
        for (int t = 0; t < tensors.length; t++) {
            int end = first + squares[t].length;
            for (int chunk = Math.max(from, first); chunk < Math.min(to, end); chunk++) {
                int start = begins[t] + (chunk - first) * CHUNK;
                squares[t][chunk - first] = squares(tensors[t], start, Math.min(ends[t], start + CHUNK));
            }
            first = end;
        }
    }

    private static double squares(float[] x, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            s0 += square(x[i]);
            s1 += square(x[i + 1]);
            s2 += square(x[i + 2]);
            s3 += square(x[i + 3]);
            s4 += square(x[i + 4]);
            s5 += square(x[i + 5]);
            s6 += square(x[i + 6]);
            s7 += square(x[i + 7]);
        }
        for (; i < to; i++) {
            s0 += square(x[i]);
        }
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }

    private static double square(double x) {
        return x * x;
    }
}
