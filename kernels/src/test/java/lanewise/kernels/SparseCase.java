package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Kernels;

/** Random sparse rows, some of them empty and some full, with the matrices of both kernels around them. */
final class SparseCase {
    /** The public class, as a kernel. */
    static final Kernels.SparseRows FACADE = new Kernels.SparseRows() {
        @Override
        public void logits(
                int rows,
                int[] starts,
                int startsOffset,
                int[] ends,
                int endsOffset,
                int[] columns,
                float[] values,
                int classes,
                float[] w,
                int wOffset,
                int ldw,
                float[] bias,
                int biasOffset,
                float[] z,
                int zOffset,
                int ldz) {
            SparseRows.logits(
                    rows,
                    starts,
                    startsOffset,
                    ends,
                    endsOffset,
                    columns,
                    values,
                    classes,
                    w,
                    wOffset,
                    ldw,
                    bias,
                    biasOffset,
                    z,
                    zOffset,
                    ldz);
        }

        @Override
        public void accumulateGradient(
                int rows,
                int[] starts,
                int startsOffset,
                int[] ends,
                int endsOffset,
                int[] columns,
                float[] values,
                int classes,
                float[] g,
                int gOffset,
                int ldg,
                float[] dw,
                int dwOffset,
                int lddw) {
            SparseRows.accumulateGradient(
                    rows,
                    starts,
                    startsOffset,
                    ends,
                    endsOffset,
                    columns,
                    values,
                    classes,
                    g,
                    gOffset,
                    ldg,
                    dw,
                    dwOffset,
                    lddw);
        }
    };

    final int rows;
    final int classes;
    final int features;
    final int[] starts;
    final int[] columns;
    final float[] values;
    final Matrix w;
    final Matrix bias;
    final Matrix g;

    SparseCase(int rows, int features, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        this.rows = rows;
        this.features = features;
        this.classes = classes;
        starts = new int[3 + rows + 1];
        int[] kept = new int[rows * features];
        int n = 0;
        starts[3] = 0;
        for (int i = 0; i < rows; i++) {
            double share = random.nextInt(4) / 3.0;
            for (int column = 0; column < features; column++) {
                if (random.nextDouble() < share) {
                    kept[n++] = column;
                }
            }
            starts[3 + i + 1] = n;
        }
        columns = IntStream.of(kept).limit(n).toArray();
        values = outliers(seed + 1, n);
        w = Matrix.of(features, classes, 5, classes + 3, outliers(seed + 2, features * classes));
        bias = Matrix.of(1, classes, 1, classes + 1, outliers(seed + 3, classes));
        g = Matrix.of(rows, classes, 2, classes + 1, outliers(seed + 4, rows * classes));
    }

    int end(int row) {
        return starts[3 + row + 1];
    }

    int start(int row) {
        return starts[3 + row];
    }

    Matrix logits(Kernels.SparseRows kernel) {
        Matrix z = Matrix.poisoned(rows, classes, 4, classes + 2);
        logits(kernel, 0, rows, z);
        return z;
    }

    void logits(Kernels.SparseRows kernel, int first, int count, Matrix z) {
        kernel.logits(
                count,
                starts,
                3 + first,
                starts,
                4 + first,
                columns,
                values,
                classes,
                w.array(),
                w.offset(),
                w.ld(),
                bias.array(),
                bias.offset(),
                z.array(),
                z.at(first, 0),
                z.ld());
    }

    /** Adds the gradient of some rows, given by where the part of each begins and ends, to dw. */
    void gradient(Kernels.SparseRows kernel, int[] from, int[] to, int first, int count, Matrix dw) {
        kernel.accumulateGradient(
                count,
                from,
                first,
                to,
                first,
                columns,
                values,
                classes,
                g.array(),
                g.at(first, 0),
                g.ld(),
                dw.array(),
                dw.offset(),
                dw.ld());
    }

    /** The first entry of each row whose column is not less. */
    int[] entriesFrom(int column) {
        int[] entries = new int[rows];
        for (int i = 0; i < rows; i++) {
            int e = start(i);
            while (e < end(i) && columns[e] < column) {
                e++;
            }
            entries[i] = e;
        }
        return entries;
    }
}
