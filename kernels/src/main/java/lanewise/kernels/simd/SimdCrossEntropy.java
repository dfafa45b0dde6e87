package lanewise.kernels.simd;

import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;
import lanewise.kernels.scalar.ScalarCrossEntropy;

/**
 * The loss of a classifier, its gradient and its errors: row by row on {@link LongRow}, or by blocks of rows on {@link
 * ClassMajor}, as the number of classes has it. One or two short rows of a row-major matrix are left to the scalar twin.
 *
 * <p><b>Blocking.</b> Loss and gradient come from the same exponentials, while they are in L1.
 *
 * <p>A row whose maximum is infinite, rare and lost, leaves its loss to the scalar twin. The long rows of a class-major matrix
 * are copied out, and their gradients back; their errors are the scalar twin's.
 */
final class SimdCrossEntropy implements Kernels.CrossEntropy {
    private static final Kernels.CrossEntropy SCALAR = new ScalarCrossEntropy();

    @Override
    public double loss(
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int rowStep,
            int step,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights) {
        if (step == 1 && rows <= ClassMajor.FEW_ROWS && cols < Bits.LONG_ROW) {
            return SCALAR.loss(rows, cols, z, zOffset, rowStep, step, labels, labelsOffset, smoothing, weights);
        }
        double loss = 0;
        if (cols < Bits.LONG_ROW) {
            float[] scratch = ClassMajor.scratch();
            int height = ClassMajor.height(cols);
            for (int from = 0, count; from < rows; from += count) {
                count = Math.min(height, rows - from);
                int at = zOffset + from * rowStep;
                int labelsAt = labelsOffset + from;
                exp(count, cols, z, at, rowStep, step, scratch);
                loss = addLosses(
                        loss, count, cols, z, at, rowStep, step, labels, labelsAt, smoothing, weights, scratch);
            }
            return loss;
        }
        float[] row = step == 1 ? z : Scratch.floats(Scratch.LONG_ROW, cols);
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * rowStep;
            if (step != 1) {
                gather(cols, z, at, step, row);
                at = 0;
            }
            double ofRow = longLoss(cols, row, at, labels[labelsOffset + i], smoothing, scratch);
            loss += weights == null ? ofRow : weights[labelsOffset + i] * ofRow;
        }
        return loss;
    }

    /** Takes a block in, whichever way it stands. */
    private static void exp(int rows, int cols, float[] z, int at, int rowStep, int step, float[] scratch) {
        if (step == 1) {
            ClassMajor.expOfRows(rows, cols, z, at, rowStep, scratch);
        } else {
            ClassMajor.exp(rows, cols, z, at, step, scratch);
        }
    }

    /** A row of a class-major matrix, to be gone through as a row-major one. */
    private static void gather(int cols, float[] z, int at, int step, float[] row) {
        for (int j = 0; j < cols; j++) {
            row[j] = z[at + j * step];
        }
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
            int zRowStep,
            int zStep,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights,
            float scale,
            float[] g,
            int gOffset,
            int gRowStep,
            int gStep) {
        if (zStep == 1 && rows <= ClassMajor.FEW_ROWS && cols < Bits.LONG_ROW) {
            return SCALAR.gradient(
                    wantLoss,
                    rows,
                    cols,
                    z,
                    zOffset,
                    zRowStep,
                    zStep,
                    labels,
                    labelsOffset,
                    smoothing,
                    weights,
                    scale,
                    g,
                    gOffset,
                    gRowStep,
                    gStep);
        }
        double loss = 0;
        if (cols < Bits.LONG_ROW) {
            float[] scratch = ClassMajor.scratch();
            int height = ClassMajor.height(cols);
            for (int from = 0, count; from < rows; from += count) {
                count = Math.min(height, rows - from);
                int zAt = zOffset + from * zRowStep;
                int gAt = gOffset + from * gRowStep;
                int labelsAt = labelsOffset + from;
                exp(count, cols, z, zAt, zRowStep, zStep, scratch);
                if (wantLoss) {
                    loss = addLosses(
                            loss, count, cols, z, zAt, zRowStep, zStep, labels, labelsAt, smoothing, weights, scratch);
                }
                ClassMajor.targets(count, labels, weights, labelsAt, scale, scratch);
                if (zStep == 1) {
                    ClassMajor.gradientOfRows(count, cols, smoothing, scratch, g, gAt, gRowStep);
                } else {
                    ClassMajor.gradient(count, cols, smoothing, scratch, g, gAt, gStep);
                }
            }
            return loss;
        }
        float[] row = zStep == 1 ? null : Scratch.floats(Scratch.LONG_ROW, cols);
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int label = labels[labelsOffset + i];
            float weight = weights == null ? 1 : weights[labelsOffset + i];
            float factor = scale * weight;
            int zAt = zOffset + i * zRowStep;
            int gAt = gOffset + i * gRowStep;
            double ofRow;
            if (zStep == 1) {
                ofRow = longGradient(wantLoss, cols, z, zAt, label, smoothing, factor, g, gAt, scratch);
            } else {
                gather(cols, z, zAt, zStep, row);
                ofRow = longGradient(wantLoss, cols, row, 0, label, smoothing, factor, row, 0, scratch);
                for (int j = 0; j < cols; j++) {
                    g[gAt + j * gStep] = row[j];
                }
            }
            if (wantLoss) {
                loss += weight * ofRow;
            }
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
    public int errors(
            int rows, int cols, float[] z, int zOffset, int rowStep, int step, int[] labels, int labelsOffset) {
        int errors = 0;
        if (step == 1) {
            for (int i = 0; i < rows; i++) {
                if (!isLargest(labels[labelsOffset + i], cols, z, zOffset + i * rowStep)) {
                    errors++;
                }
            }
            return errors;
        }
        if (cols >= Bits.LONG_ROW) {
            return SCALAR.errors(rows, cols, z, zOffset, rowStep, step, labels, labelsOffset);
        }
        float[] scratch = ClassMajor.scratch();
        int height = ClassMajor.height(cols);
        for (int from = 0, count; from < rows; from += count) {
            count = Math.min(height, rows - from);
            errors += ClassMajor.errors(count, cols, z, zOffset + from, step, labels, labelsOffset + from, scratch);
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
}
