package lanewise.trainer.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.Rows;
import lanewise.trainer.eval.Evaluator;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Weights;

/**
 * How the loss goes when the learning rate grows from step to step, by the same factor each time, from far too small to far
 * too large: it stays, falls, and climbs again. The loss is that of the same rows throughout, so that the curve has no noise
 * of batches.
 *
 * <p><b>Source.</b> Smith, Cyclical learning rates for training neural networks (2017).
 *
 * @param points the curve, as far as the loss is finite and not far above its lowest
 */
public record LearningRateCurve(List<Point> points) {
    private static final double LOWEST = 1e-6;
    private static final double HIGHEST = 10;

    /** About how many points a curve has, and at least how many steps. */
    private static final int POINTS = 100;

    /** How many rows the loss is measured on at most, evenly spread over the data. They are copied. */
    public static final int MEASURED = 2_000;

    /** Where the loss is so many times its lowest, nothing is to be found any more. */
    private static final double FAR_ABOVE = 4;

    /** The lowest loss comes just before the climb; a rate to stay with is so many times lower. */
    private static final double BELOW_LOWEST = 10;

    /**
     * A point of the curve.
     *
     * @param learningRate the learning rate of the last step
     * @param loss the loss behind it
     */
    public record Point(float learningRate, double loss) {}

    /**
     * Keeps a copy.
     *
     * @param points the curve
     */
    public LearningRateCurve {
        points = List.copyOf(points);
    }

    /**
     * Goes along the curve: over one epoch, or over several if that has fewer than 100 steps.
     *
     * @param trainer the recipe; its learning rate, schedule, epochs and patience have no influence
     * @param model where to start; it is left as it was
     * @param data the training rows
     * @return the curve
     * @throws IllegalArgumentException if a batch, or what evaluates, would be longer than an array can be
     * @throws lanewise.trainer.LanewiseException if the model does not fit the data, a feature is not finite or rows on the
     *     disk are damaged (65), or these cannot be read (74) or those of them that are measured do not fit the heap (71)
     * @throws IllegalStateException if rows on the disk are closed, or another thread goes through them
     */
    public static LearningRateCurve of(Trainer trainer, Model model, Rows data) {
        model.requireFits(data);
        Evaluator.requireRoom(model.architecture(), data);
        Dataset measured = data.subset(spread(data.rows()));
        Weights weights = Weights.of(model);
        Weights before = weights.copy();
        try (Training training = trainer.start(model, data)) {
            Evaluator evaluator = new Evaluator(model, training.workers());
            int steps = Math.max(POINTS, training.stepsPerEpoch());
            List<Point> points = new ArrayList<>();
            double lowest = Double.POSITIVE_INFINITY;
            for (int step = 0; step < steps; step++) {
                float rate = (float) (LOWEST * StrictMath.pow(HIGHEST / LOWEST, step / (steps - 1.0)));
                training.stepAt(rate);
                if ((step + 1L) * POINTS / steps > (long) step * POINTS / steps) {
                    training.save();
                    double loss = evaluator.score(measured).loss();
                    if (!Double.isFinite(loss) || loss > FAR_ABOVE * lowest) {
                        break;
                    }
                    lowest = Math.min(lowest, loss);
                    points.add(new Point(rate, loss));
                }
            }
            return new LearningRateCurve(points);
        } finally {
            weights.set(before);
        }
    }

    private static int[] spread(int rows) {
        int count = Math.min(rows, MEASURED);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = (int) ((long) i * rows / count);
        }
        return chosen;
    }

    /**
     * A learning rate to train with: a tenth of the one with the lowest loss, to two digits.
     *
     * @return the suggestion, or NaN if no point has a finite loss
     */
    public float suggestion() {
        Point lowest = new Point(Float.NaN, Double.POSITIVE_INFINITY);
        for (Point point : points) {
            lowest = point.loss < lowest.loss ? point : lowest;
        }
        return Float.isNaN(lowest.learningRate)
                ? Float.NaN
                : new BigDecimal(lowest.learningRate / BELOW_LOWEST)
                        .round(new MathContext(2))
                        .floatValue();
    }
}
