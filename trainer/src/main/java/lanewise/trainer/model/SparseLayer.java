package lanewise.trainer.model;

import lanewise.kernels.SparseRows;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.Rows;
import lanewise.trainer.io.Heap;

/**
 * The one layer of a softmax regression over sparse rows, with the weights as the kernels of {@link SparseRows} read them:
 * feature by feature, each with its classes side by side and padding behind them that stays 0, from a {@link CacheLines line}
 * on. The bias is one more feature, behind the others, so what is done to all weights is done to it. The model itself has them
 * otherwise: {@link #load} and {@link #store} copy.
 */
public final class SparseLayer {
    private final Dense layer;
    private final int ld;
    private final float[] weights;

    /**
     * Takes the weights of a model as they are now.
     *
     * @param model a softmax regression
     * @throws IllegalArgumentException if {@link #suits(Architecture)} says that it is none, or too large
     */
    public SparseLayer(Model model) {
        if (!suits(model.architecture())) {
            throw new IllegalArgumentException(
                    "a model of " + model.architecture() + " is not one layer whose weights an array can hold");
        }
        layer = model.layers().get(0);
        ld = SparseRows.paddedClasses(layer.outputs());
        weights = zeros();
        load();
    }

    /** Takes the weights of the model again, as they are now. */
    public void load() {
        load(layer.stored(), layer.bias(), weights);
    }

    /**
     * Whether a model has one layer over sparse rows.
     *
     * @param architecture that of the model
     * @param data what it reads
     * @return true if a SparseLayer can stand for it
     */
    public static boolean suits(Architecture architecture, Rows data) {
        return data.holdsSparse() && suits(architecture);
    }

    /**
     * Whether a model has one layer whose weights an array can hold.
     *
     * @param architecture that of the model
     * @return true if a SparseLayer can stand for it over sparse rows
     */
    public static boolean suits(Architecture architecture) {
        return architecture.layers() == 1 && floats(architecture) <= Heap.LONGEST_ARRAY;
    }

    /**
     * How many floats the weights take.
     *
     * @param architecture that of a softmax regression
     * @return bias and padding included; may be more than an array can hold
     */
    public static long floats(Architecture architecture) {
        return CacheLines.length((architecture.features() + 1L) * SparseRows.paddedClasses(architecture.classes()));
    }

    /**
     * The weights.
     *
     * @return the array itself
     */
    public float[] weights() {
        return weights;
    }

    /**
     * An array that stands beside the weights.
     *
     * @return zeros
     */
    public float[] zeros() {
        return CacheLines.zeros((layer.inputs() + 1L) * ld);
    }

    int features() {
        return layer.inputs();
    }

    int classes() {
        return layer.outputs();
    }

    /**
     * How many floats a feature takes, and a row of logits.
     *
     * @return the classes, padded
     */
    public int ld() {
        return ld;
    }

    /**
     * Copies in.
     *
     * @param values as {@link Dense#stored} has them
     * @param bias as {@link Dense#bias} has it
     * @param into the weights, or an array that stands beside them
     */
    public void load(float[] values, float[] bias, float[] into) {
        for (int feature = 0; feature < layer.inputs(); feature++) {
            for (int c = 0; c < layer.outputs(); c++) {
                into[at(feature) + c] = values[storedAt(feature, c)];
            }
        }
        System.arraycopy(bias, 0, into, biasAt(), bias.length);
    }

    /**
     * Copies out.
     *
     * @param from the weights, or an array that stands beside them
     * @param values as {@link Dense#stored} has them
     * @param bias as {@link Dense#bias} has it
     */
    public void store(float[] from, float[] values, float[] bias) {
        for (int feature = 0; feature < layer.inputs(); feature++) {
            for (int c = 0; c < layer.outputs(); c++) {
                values[storedAt(feature, c)] = from[at(feature) + c];
            }
        }
        System.arraycopy(from, biasAt(), bias, 0, bias.length);
    }

    private int storedAt(int feature, int c) {
        return layer.transposed() ? feature * layer.outputs() + c : c * layer.inputs() + feature;
    }

    /**
     * Where a feature stands.
     *
     * @param feature the feature; the bias follows the last, and nothing follows that
     * @return index of its class 0
     */
    public int at(int feature) {
        return CacheLines.START + feature * ld;
    }

    /**
     * Where the bias stands.
     *
     * @return index of that of class 0
     */
    public int biasAt() {
        return at(layer.inputs());
    }

    /**
     * Computes the logits of neighbouring rows, as the other method does.
     *
     * @param first the first row
     * @param rows how many rows
     * @param x the rows
     * @param z receives the logits from its start, {@link #ld} floats a row
     */
    public void logits(int first, int rows, Csr x, float[] z) {
        logits(weights, rows, x.rowStart(), first, x.rowStart(), first + 1, x, z, 0);
    }

    /**
     * Computes the logits of some rows, by the bits of {@link SparseRows#logits}.
     *
     * @param from the weights, or an array that stands beside them
     * @param rows how many rows
     * @param starts the first entry of each row
     * @param startsOffset index of that of the first row
     * @param ends the entry behind the last of each row
     * @param endsOffset index of that of the first row
     * @param x what the entries are of
     * @param z receives the logits, {@link #ld} floats a row
     * @param zOffset index of the first logit
     */
    public void logits(
            float[] from,
            int rows,
            int[] starts,
            int startsOffset,
            int[] ends,
            int endsOffset,
            Csr x,
            float[] z,
            int zOffset) {
        SparseRows.logits(
                rows,
                starts,
                startsOffset,
                ends,
                endsOffset,
                x.columns(),
                x.values(),
                ld,
                from,
                at(0),
                ld,
                from,
                biasAt(),
                z,
                zOffset,
                ld);
    }
}
