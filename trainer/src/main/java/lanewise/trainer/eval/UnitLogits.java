package lanewise.trainer.eval;

import lanewise.kernels.CrossEntropy;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.PixelRows;
import lanewise.trainer.model.ForwardPass;
import lanewise.trainer.model.PixelLayer;
import lanewise.trainer.model.Prediction;
import lanewise.trainer.model.SparseLayer;

/** The logits of a unit of rows, in the memory of one thread, and what they say. */
abstract class UnitLogits {
    Dataset data;

    private UnitLogits() {}

    /** Goes over to other rows of the same form; pixels are null where the model does not read them. */
    void use(Dataset block, PixelRows pixels) {
        data = block;
    }

    /** Computes the logits of some rows. */
    abstract void compute(int first, int rows);

    /** The sum of their losses. */
    abstract double loss(int first, int rows);

    /** How many of them have the largest logit elsewhere than at their label. */
    abstract int errors(int first, int rows);

    /** The class of the largest logit of a row, counted in the unit, or {@link Prediction#NONE}. */
    abstract int predicted(int row);

    /** Logits that stand row by row. */
    private abstract static class RowMajor extends UnitLogits {
        final float[] z;
        private final int ldz;
        private final int classes;

        RowMajor(float[] z, int ldz, int classes) {
            this.z = z;
            this.ldz = ldz;
            this.classes = classes;
        }

        @Override
        double loss(int first, int rows) {
            return CrossEntropy.loss(rows, classes, z, 0, ldz, data.labels(), first);
        }

        @Override
        int errors(int first, int rows) {
            return CrossEntropy.errors(rows, classes, z, 0, ldz, data.labels(), first);
        }

        @Override
        int predicted(int row) {
            return Prediction.argMax(z, row * ldz, classes);
        }
    }

    /** Any model over anything. */
    static final class Widened extends RowMajor {
        private final ForwardPass forward;
        private final float[] features;

        Widened(int classes, ForwardPass forward, float[] features) {
            super(forward.logits(), classes, classes);
            this.forward = forward;
            this.features = features;
        }

        @Override
        void compute(int first, int rows) {
            data.copyRows(first, rows, features, 0);
            forward.run(0, rows, features, 0);
        }
    }

    /** Softmax regression over sparse rows. */
    static final class Sparse extends RowMajor {
        private final SparseLayer layer;

        Sparse(SparseLayer layer, int classes, int capacity) {
            super(new float[capacity * layer.ld()], layer.ld(), classes);
            this.layer = layer;
        }

        @Override
        void compute(int first, int count) {
            layer.logits(first, count, data.sparse().orElseThrow(), z);
        }
    }

    /** Softmax regression over bytes: class by class. */
    static final class ClassMajor extends UnitLogits {
        private final PixelLayer layer;
        private PixelRows rows;
        private final float[] z;
        private final int ldz;
        private final int classes;

        ClassMajor(PixelLayer layer, int classes, int capacity) {
            this.layer = layer;
            this.classes = classes;
            this.ldz = (capacity + 15) / 16 * 16;
            this.z = new float[classes * ldz];
        }

        @Override
        void use(Dataset block, PixelRows pixels) {
            super.use(block, pixels);
            rows = pixels;
        }

        @Override
        void compute(int first, int count) {
            rows.logits(first, count, classes, layer.memory(), layer.at(0), z, 0, ldz);
            layer.addBias(count, z, 0, ldz);
        }

        @Override
        double loss(int first, int count) {
            return CrossEntropy.lossByClass(count, classes, z, 0, ldz, data.labels(), first, 0, null);
        }

        @Override
        int errors(int first, int count) {
            return CrossEntropy.errorsByClass(count, classes, z, 0, ldz, data.labels(), first);
        }

        @Override
        int predicted(int row) {
            return Prediction.argMax(z, row, ldz, classes);
        }
    }
}
