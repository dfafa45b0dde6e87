package lanewise.trainer.model;

import java.util.Arrays;
import lanewise.kernels.Pixels;
import lanewise.trainer.data.PixelRows;
import lanewise.trainer.data.Rows;
import lanewise.trainer.io.Heap;

/**
 * The one layer of a softmax regression over bytes of few classes, with the weights as the kernels of {@link Pixels} read
 * them. The model itself has them in the order of the features: {@link #load} and {@link #store} copy.
 *
 * <p><b>Layout.</b> All memory is one array, whose stretches begin at {@link CacheLines}, since they are whole groups.
 */
public final class PixelLayer {
    private final Dense layer;
    private final int[] positions;
    private final int classes;
    private final int length;
    private final float[] memory;

    /**
     * Sets the memory aside.
     *
     * @param model a softmax regression
     * @param rows rows of pixels, which tell their order
     * @param stretches how many arrays like the weights are wanted, the weights among them
     * @throws IllegalArgumentException if {@link #suits(Architecture)} says that the model is not one of few classes, or too
     *     large
     */
    public PixelLayer(Model model, PixelRows rows, int stretches) {
        if (!suits(model.architecture())) {
            throw new IllegalArgumentException("a model of " + model.architecture() + " is not one layer of at most "
                    + Pixels.MOST_CLASSES + " classes whose weights an array can hold");
        }
        layer = model.layers().get(0);
        classes = layer.outputs();
        positions = positions(rows, layer.inputs(), classes);
        length = Pixels.weights(rows.groups(), classes);
        memory = CacheLines.zeros((long) stretches * length);
    }

    /**
     * How many floats all memory takes.
     *
     * @param architecture that of a softmax regression
     * @param stretches how many arrays like the weights are wanted, the weights among them
     * @return padding included; may be more than an array can hold
     */
    public static long floats(Architecture architecture, int stretches) {
        long length = (long) PixelRows.groups(architecture.features()) * Pixels.weights(1, architecture.classes());
        return CacheLines.length(stretches * length);
    }

    /**
     * Whether a model has one layer of few outputs over bytes.
     *
     * @param architecture that of the model
     * @param data what it reads
     * @return true if a PixelLayer can stand for it
     */
    public static boolean suits(Architecture architecture, Rows data) {
        return data.holdsPixels() && suits(architecture);
    }

    /**
     * Whether a model has one layer of few outputs, whose weights, gradient and momentum an array can hold.
     *
     * @param architecture its sizes
     * @return true if a PixelLayer can stand for it over bytes
     */
    public static boolean suits(Architecture architecture) {
        return architecture.layers() == 1
                && architecture.classes() <= Pixels.MOST_CLASSES
                && floats(architecture, 3) <= Heap.LONGEST_ARRAY;
    }

    /**
     * Whether it can read rows as it reads those it was made for.
     *
     * @param rows rows of pixels
     * @return true if each feature stands in the same place
     */
    public boolean reads(PixelRows rows) {
        return length == Pixels.weights(rows.groups(), classes)
                && Arrays.equals(positions, positions(rows, positions.length, classes));
    }

    private static int[] positions(PixelRows rows, int features, int classes) {
        int[] positions = new int[features];
        for (int feature = 0; feature < features; feature++) {
            positions[feature] = Pixels.weightAt(classes, rows.position(feature), 0);
        }
        return positions;
    }

    /**
     * The array of all stretches.
     *
     * @return the array itself
     */
    public float[] memory() {
        return memory;
    }

    /**
     * Where a stretch begins.
     *
     * @param stretch which one; 0 are the weights
     * @return index of its first element
     */
    public int at(int stretch) {
        return CacheLines.START + stretch * length;
    }

    /**
     * How long a stretch is.
     *
     * @return the floats of the weights, their padding included
     */
    public int length() {
        return length;
    }

    /**
     * Copies into a stretch.
     *
     * @param values as {@link Dense#stored} has them
     * @param stretch which stretch
     */
    public void load(float[] values, int stretch) {
        for (int c = 0, i = 0; c < classes; c++) {
            for (int position : positions) {
                memory[at(stretch) + position + c * Pixels.GROUP] = values[i++];
            }
        }
    }

    /**
     * Copies out of a stretch.
     *
     * @param stretch which stretch
     * @param values as {@link Dense#stored} has them
     */
    public void store(int stretch, float[] values) {
        for (int c = 0, i = 0; c < classes; c++) {
            for (int position : positions) {
                values[i++] = memory[at(stretch) + position + c * Pixels.GROUP];
            }
        }
    }

    /**
     * Adds the bias to logits that stand class by class.
     *
     * @param rows how many rows
     * @param z the logits
     * @param zAt index of that of the first row and class 0
     * @param ldz floats from one class to the next
     */
    public void addBias(int rows, float[] z, int zAt, int ldz) {
        float[] bias = layer.bias();
        for (int c = 0; c < bias.length; c++) {
            for (int i = zAt + c * ldz; i < zAt + c * ldz + rows; i++) {
                z[i] += bias[c];
            }
        }
    }
}
