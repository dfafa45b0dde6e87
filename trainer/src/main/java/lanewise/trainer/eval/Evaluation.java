package lanewise.trainer.eval;

import java.util.Arrays;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Rows;
import lanewise.trainer.model.Model;

/**
 * How well a model does on a whole data set. The confusion of c classes takes 4 c<sup>2</sup> bytes: those of 65,536 classes
 * are 17 GB.
 *
 * <p>Precision, recall and F1 are 0 where they would be 0 / 0: the precision of a class that is never predicted, the
 * recall of one that never occurs, and the F1 of one where both are 0.
 *
 * <p>Softmax regression reads bytes and sparse rows by kernels of their own, whose logits may differ in the last bits from
 * those of {@link Model#predict} over the same rows as floats.
 *
 * <p>Two are equal only if they have the same arrays, not for equal content: compare what they say.
 *
 * @param rows how many rows
 * @param loss the mean cross-entropy, in nats; NaN or infinite if one of the losses is, as {@link
 *     lanewise.kernels.CrossEntropy#loss} says
 * @param error the share of rows whose class is not predicted; of equal logits the lowest class counts as predicted, and a
 *     row with a NaN among its logits is an error
 * @param support how many rows each class has
 * @param confusion how many rows of class i are predicted as class j, at [i][j]; a row with a NaN stands nowhere
 */
public record Evaluation(int rows, double loss, double error, int[] support, int[][] confusion) {
    /**
     * Evaluates on the calling thread.
     *
     * @param model the model
     * @param data the data set
     * @return the same bits as with any number of threads
     * @throws IllegalArgumentException if an array would be longer than one can be
     * @throws lanewise.trainer.LanewiseException if the model does not fit the data or rows on the disk are damaged (65), they
     *     cannot be read (74), or the confusion does not fit the heap (71)
     */
    public static Evaluation of(Model model, Rows data) {
        return of(model, data.pass(null, 0), Workers.serial());
    }

    /**
     * Evaluates on several threads, on rows that may go by only once.
     *
     * @param model the model
     * @param pass the rows, such as {@code data.pass(null, 0)}, in blocks of which all but the last have a multiple of {@link
     *     Rows#UNIT} rows
     * @param workers the threads; the result depends neither on them nor on the blocks
     * @return the evaluation
     * @throws IllegalArgumentException if an array would be longer than one can be
     * @throws lanewise.trainer.LanewiseException if the model does not fit the data or the rows are damaged (65), they cannot
     *     be read (74), or the confusion does not fit the heap (71)
     */
    public static Evaluation of(Model model, Rows.Pass pass, Workers workers) {
        return new Evaluator(model, workers).evaluate(pass);
    }

    /**
     * The share of rows whose class is predicted.
     *
     * @return 1 - error
     */
    public double accuracy() {
        return 1 - error;
    }

    /**
     * How often a prediction of the class is right.
     *
     * @param c the class
     * @return true positives / predictions of the class, 0 for 0 / 0
     */
    public double precision(int c) {
        return ratio(
                confusion[c][c],
                Arrays.stream(confusion).mapToInt(row -> row[c]).sum());
    }

    /**
     * How many rows of the class are found.
     *
     * @param c the class
     * @return true positives / rows of the class, 0 for 0 / 0
     */
    public double recall(int c) {
        return ratio(confusion[c][c], support[c]);
    }

    /**
     * The harmonic mean of precision and recall.
     *
     * @param c the class
     * @return 2 precision recall / (precision + recall), 0 for 0 / 0
     */
    public double f1(int c) {
        int predicted = Arrays.stream(confusion).mapToInt(row -> row[c]).sum();
        return ratio(2.0 * confusion[c][c], (double) predicted + support[c]);
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
