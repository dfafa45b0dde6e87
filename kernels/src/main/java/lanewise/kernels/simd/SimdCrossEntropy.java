package lanewise.kernels.simd;

import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;
import lanewise.kernels.scalar.ScalarCrossEntropy;

/**
 * The loss of a classifier, its gradient and its errors: row by row on {@link LongRow}, or by blocks of rows on {@link
 * ClassMajor}. The layout and the number of classes decide; one or two short rows are left to the scalar twin.
 *
 * <p><b>Blocking.</b> Loss and gradient come from the same exponentials, while they are in L1.
 *
 * <p>A row whose maximum is infinite, rare and lost, leaves its loss to the scalar twin. Of a class-major matrix of as
 * many classes as make a long row each is copied out, and its gradient back.
 */
final class SimdCrossEntropy implements Kernels.CrossEntropy {
    private static final Kernels.CrossEntropy SCALAR = new ScalarCrossEntropy();

    @Override
    public double loss(
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights) {
        if (rows <= ClassMajor.FEW_ROWS && cols < Bits.LONG_ROW) {
            return SCALAR.loss(rows, cols, z, zOffset, ldz, labels, labelsOffset, smoothing, weights);
        }
        double loss = 0;
        if (cols < Bits.LONG_ROW) {
            float[] scratch = ClassMajor.scratch();
            int height = ClassMajor.height(cols);
            for (int from = 0, count; from < rows; from += count) {
                count = Math.min(height, rows - from);
                int at = zOffset + from * ldz;
                ClassMajor.expOfRows(count, cols, z, at, ldz, scratch);
                loss = addLosses(
                        loss, count, cols, z, at, ldz, 1, labels, labelsOffset + from, smoothing, weights, scratch);
            }
            return loss;
        }
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int label = labels[labelsOffset + i];
            double ofRow = longLoss(cols, z, zOffset + i * ldz, label, smoothing, scratch);
            loss += weights == null ? ofRow : weights[labelsOffset + i] * ofRow;
        }
        return loss;
    }

    private static double longLoss(int cols, float[] z, int at, int label, float smoothing, float[] scratch) {
        float max = LongRow.max(cols, z, at);
        double differences = smoothing == 0 ? 0 : LongRow.sumOfDifferences(cols, z, at, max, scratch);
        double sum = LongRow.sumOfExp(cols, z, at, max, scratch);
        return lossRow(cols, z, at, 1, label, max, sum, smoothing, differences);
    }

    private static double lossRow(
            int cols,
            float[] z,
            int at,
            int step,
            int label,
            float max,
            double sum,
            float smoothing,
            double differences) {
        return Float.isInfinite(max)
                ? ScalarCrossEntropy.lossRow(cols, z, at, step, label, smoothing)
                : ScalarCrossEntropy.loss(cols, max, sum, z[at + label * step], smoothing, differences);
    }

    /** Adds the losses of a block of rows, one after the other. */
    private static double addLosses(
            double loss,
            int rows,
            int cols,
            float[] z,
            int zAt,
            int rowStep,
            int step,
            int[] labels,
            int labelsAt,
            float smoothing,
            float[] weights,
            float[] scratch) {
        for (int i = 0; i < rows; i++) {
            int at = zAt + i * rowStep;
            int label = labels[labelsAt + i];
            float max = ClassMajor.max(scratch, i);
            double sum = ClassMajor.sum(scratch, i);
            double differences = ClassMajor.differences(scratch, i);
            double ofRow = lossRow(cols, z, at, step, label, max, sum, smoothing, differences);
            loss += weights == null ? ofRow : weights[labelsAt + i] * ofRow;
        }
        return loss;
    }

    @Override
    public double gradient(
            boolean wantLoss,
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights,
            float scale,
            float[] g,
            int gOffset,
            int ldg) {
        if (rows <= ClassMajor.FEW_ROWS && cols < Bits.LONG_ROW) {
            return SCALAR.gradient(
                    wantLoss,
                    rows,
                    cols,
                    z,
                    zOffset,
                    ldz,
                    labels,
                    labelsOffset,
                    smoothing,
                    weights,
                    scale,
                    g,
                    gOffset,
                    ldg);
        }
        double loss = 0;
        if (cols < Bits.LONG_ROW) {
            float[] scratch = ClassMajor.scratch();
            int height = ClassMajor.height(cols);
            for (int from = 0, count; from < rows; from += count) {
                count = Math.min(height, rows - from);
                int at = zOffset + from * ldz;
                int labelsAt = labelsOffset + from;
                ClassMajor.expOfRows(count, cols, z, at, ldz, scratch);
                if (wantLoss) {
                    loss = addLosses(loss, count, cols, z, at, ldz, 1, labels, labelsAt, smoothing, weights, scratch);
                }
                ClassMajor.targets(count, labels, weights, labelsAt, scale, scratch);
                ClassMajor.gradientOfRows(count, cols, smoothing, scratch, g, gOffset + from * ldg, ldg);
            }
            return loss;
        }
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int label = labels[labelsOffset + i];
            float weight = weights == null ? 1 : weights[labelsOffset + i];
            int zAt = zOffset + i * ldz;
            int gAt = gOffset + i * ldg;
            loss += weight * longGradient(wantLoss, cols, z, zAt, label, smoothing, scale * weight, g, gAt, scratch);
        }
        return loss;
    }

    /** Returns the loss if it is wanted; the gradient may take the place of the logits. */
    private static double longGradient(
            boolean wantLoss,
            int cols,
            float[] z,
            int zAt,
            int label,
            float smoothing,
            float factor,
            float[] g,
            int gAt,
            float[] scratch) {
        float logit = z[zAt + label];
        float max = LongRow.max(cols, z, zAt);
        double differences = wantLoss && smoothing != 0 ? LongRow.sumOfDifferences(cols, z, zAt, max, scratch) : 0;
        // While the logits are there: the exponentials may take their place.
        double loss =
                wantLoss && Float.isInfinite(max) ? ScalarCrossEntropy.lossRow(cols, z, zAt, 1, label, smoothing) : 0;
        double sum = LongRow.expSum(cols, z, zAt, max, g, gAt, scratch);
        if (wantLoss && !Float.isInfinite(max)) {
            loss = ScalarCrossEntropy.loss(cols, max, sum, logit, smoothing, differences);
        }
        float reciprocal = (float) (1 / sum);
        float atLabel = (g[gAt + label] * reciprocal - Bits.targetOfLabel(cols, smoothing)) * factor;
        LongRow.scale(cols, g, gAt, reciprocal, Bits.targetOfOthers(cols, smoothing), factor);
        g[gAt + label] = atLabel;
        return loss;
    }

    @Override
    public double lossByClass(
            int rows,
            int classes,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights) {
        double loss = 0;
        if (classes >= Bits.LONG_ROW) {
            float[] row = Scratch.floats(Scratch.LONG_ROW, classes);
            float[] scratch = LongRow.scratch();
            for (int i = 0; i < rows; i++) {
                gather(classes, z, zOffset + i, ldz, row);
                double ofRow = longLoss(classes, row, 0, labels[labelsOffset + i], smoothing, scratch);
                loss += weights == null ? ofRow : weights[labelsOffset + i] * ofRow;
            }
            return loss;
        }
        float[] scratch = ClassMajor.scratch();
        int height = ClassMajor.height(classes);
        for (int from = 0, count; from < rows; from += count) {
            count = Math.min(height, rows - from);
            ClassMajor.exp(count, classes, z, zOffset + from, ldz, scratch);
            loss = addLosses(
                    loss,
                    count,
                    classes,
                    z,
                    zOffset + from,
                    1,
                    ldz,
                    labels,
                    labelsOffset + from,
                    smoothing,
                    weights,
                    scratch);
        }
        return loss;
    }

    @Override
    public double gradientByClass(
            boolean wantLoss,
            int rows,
            int classes,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights,
            float scale) {
        double loss = 0;
        if (classes >= Bits.LONG_ROW) {
            float[] row = Scratch.floats(Scratch.LONG_ROW, classes);
            float[] scratch = LongRow.scratch();
            for (int i = 0; i < rows; i++) {
                int label = labels[labelsOffset + i];
                float weight = weights == null ? 1 : weights[labelsOffset + i];
                gather(classes, z, zOffset + i, ldz, row);
                loss += weight
                        * longGradient(wantLoss, classes, row, 0, label, smoothing, scale * weight, row, 0, scratch);
                for (int j = 0; j < classes; j++) {
                    z[zOffset + j * ldz + i] = row[j];
                }
            }
            return loss;
        }
        float[] scratch = ClassMajor.scratch();
        int height = ClassMajor.height(classes);
        for (int from = 0, count; from < rows; from += count) {
            count = Math.min(height, rows - from);
            int at = zOffset + from;
            int labelsAt = labelsOffset + from;
            ClassMajor.exp(count, classes, z, at, ldz, scratch);
            if (wantLoss) {
                loss = addLosses(loss, count, classes, z, at, 1, ldz, labels, labelsAt, smoothing, weights, scratch);
            }
            ClassMajor.targets(count, labels, weights, labelsAt, scale, scratch);
            ClassMajor.gradient(count, classes, smoothing, scratch, z, at, ldz);
        }
        return loss;
    }

    /** A row of a class-major matrix, to be gone through as a row-major one. */
    private static void gather(int classes, float[] z, int at, int ldz, float[] row) {
        for (int j = 0; j < classes; j++) {
            row[j] = z[at + j * ldz];
        }
    }

    @Override
    public int errors(int rows, int cols, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        int errors = 0;
        for (int i = 0; i < rows; i++) {
            if (!isLargest(labels[labelsOffset + i], cols, z, zOffset + i * ldz)) {
                errors++;
            }
        }
        return errors;
    }

    /** Whether an element is above all before it and not below any after it, and there is no NaN. */
    private static boolean isLargest(int label, int cols, float[] z, int at) {
        float logit = z[at + label];
        for (int j = 0; j < label; j++) {
            if (!(logit > z[at + j])) {
                return false;
            }
        }
        for (int j = label; j < cols; j++) {
            if (!(logit >= z[at + j])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int errorsByClass(int rows, int classes, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        if (classes >= Bits.LONG_ROW) {
            return SCALAR.errorsByClass(rows, classes, z, zOffset, ldz, labels, labelsOffset);
        }
        int errors = 0;
        float[] scratch = ClassMajor.scratch();
        int height = ClassMajor.height(classes);
        for (int from = 0, count; from < rows; from += count) {
            count = Math.min(height, rows - from);
            errors += ClassMajor.errors(count, classes, z, zOffset + from, ldz, labels, labelsOffset + from, scratch);
        }
        return errors;
    }
}
