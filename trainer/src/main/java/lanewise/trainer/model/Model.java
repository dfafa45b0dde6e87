package lanewise.trainer.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lanewise.kernels.Pixels;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Rows;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Heap;
import lanewise.trainer.io.NonFinite;
import lanewise.trainer.random.SplitMix64;

/**
 * A classifier: fully connected layers with a ReLU between each two, and the softmax of the last one's outputs.
 *
 * <p>While nobody trains it, any number of threads may use it.
 */
public final class Model {
    private final Architecture architecture;
    private final List<Dense> layers;
    private final Map<String, String> metadata;

    /** A model of zeros. */
    Model(Architecture architecture, Map<String, String> metadata) {
        this.architecture = architecture;
        this.metadata = Map.copyOf(metadata);
        List<Dense> built = new ArrayList<>();
        for (int l = 0; l < architecture.layers(); l++) {
            built.add(new Dense(architecture.inputs(l), architecture.outputs(l), architecture.bias()));
        }
        layers = List.copyOf(built);
    }

    /**
     * Softmax regression whose weights and biases are 0.
     *
     * @param features how many numbers describe a row
     * @param classes how many classes there are
     * @param bias whether to add biases
     * @return the model
     * @throws IllegalArgumentException if a size is less than 1, or the weights are more than an array can hold
     */
    public static Model softmaxRegression(int features, int classes, boolean bias) {
        return zeros(new Architecture(features, List.of(), classes, bias));
    }

    /**
     * A network of hidden layers with drawn weights: normal with mean 0 and variance 2 / inputs of the layer, drawn layer by
     * layer in the order of {@code [outputs][inputs]} and rounded to float once. Biases are 0.
     *
     * <p><b>Source.</b> He and others, Delving deep into rectifiers (2015).
     *
     * @param features how many numbers describe a row
     * @param hidden how many units each hidden layer has, from the input on; at least one layer
     * @param classes how many classes there are
     * @param bias whether to add biases
     * @param seed names the draw
     * @return the model
     * @throws IllegalArgumentException if a size is less than 1, there is no hidden layer, or the weights of one are more than
     *     an array can hold
     */
    public static Model mlp(int features, List<Integer> hidden, int classes, boolean bias, long seed) {
        if (hidden.isEmpty()) {
            throw new IllegalArgumentException("a network has at least one hidden layer");
        }
        Model model = zeros(new Architecture(features, hidden, classes, bias));
        SplitMix64 random = SplitMix64.of(seed, SplitMix64.Stream.WEIGHTS, 0);
        for (Dense layer : model.layers) {
            double deviation = StrictMath.sqrt(2.0 / layer.inputs());
            float[] weights = new float[layer.outputs() * layer.inputs()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (deviation * random.nextGaussian());
            }
            layer.setByOutput(weights);
        }
        return model;
    }

    /**
     * A model whose weights and biases are 0, to be set through its layers.
     *
     * @param architecture its sizes
     * @return the model
     */
    public static Model zeros(Architecture architecture) {
        return new Model(architecture, Map.of());
    }

    /**
     * The sizes.
     *
     * @return features, hidden units, classes, and whether there are biases
     */
    public Architecture architecture() {
        return architecture;
    }

    /**
     * The layers.
     *
     * @return from the input on
     */
    public List<Dense> layers() {
        return layers;
    }

    /**
     * What the file of the model said besides its tensors.
     *
     * @return its {@code __metadata__}, which training does not change; empty for a model that was not loaded
     */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Predicts classes and probabilities, in new arrays. Any number of threads may call it at once.
     *
     * @param x the features, [rows][features], without gaps, scaled as in training
     * @param rows how many rows
     * @return the prediction; a row gets the same bits alone and among others
     * @throws IllegalArgumentException if x does not have rows x features elements, or one that is NaN or infinite, or the
     *     probabilities would not fit an array
     */
    public Prediction predict(float[] x, int rows) {
        int features = architecture.features();
        if (rows < 0 || (long) rows * features != x.length) {
            throw new IllegalArgumentException(
                    x.length + " values are not " + rows + " rows of " + features + " features");
        }
        int classes = architecture.classes();
        if ((long) rows * classes > Heap.LONGEST_ARRAY) {
            throw new IllegalArgumentException("the probabilities of " + rows + " rows of " + classes
                    + " classes are larger than an array can be");
        }
        Prediction prediction = new Prediction(new int[rows], new float[rows * classes]);
        predictor(rows).predict(x, rows, prediction.probabilities(), prediction.classes());
        return prediction;
    }

    /**
     * Sets memory aside to predict again and again without allocating.
     *
     * @param maxRows the largest number of rows of one call
     * @return a predictor for one thread at a time, which reads the weights anew in every call
     * @throws IllegalArgumentException if maxRows is less than 0
     */
    public Predictor predictor(int maxRows) {
        return new Predictor(this, maxRows);
    }

    /**
     * Writes the model as safetensors: the file is there as a whole or not at all, and an existing one is replaced.
     *
     * @param file the file
     * @param metadata what to say besides the tensors; nothing that differs between two runs of the same recipe
     * @throws IllegalArgumentException if a name in the metadata has more than 50,000 characters, or half of a surrogate pair
     *     is missing there
     * @throws NullPointerException if a name or a value is null
     * @throws LanewiseException if a weight is not finite (70), or the file cannot be created (73) or written (74)
     */
    public void save(Path file, Map<String, String> metadata) {
        ModelFile.write(file, this, metadata);
    }

    /**
     * Finds out whether {@link #save} takes the metadata, before work is spent on the weights.
     *
     * @param file the file to be
     * @param metadata what is to be said besides the tensors
     * @throws IllegalArgumentException as {@link #save}
     * @throws NullPointerException if a name or a value is null
     * @throws LanewiseException if the metadata are longer than any reader takes (73)
     */
    public void checkMetadata(Path file, Map<String, String> metadata) {
        ModelFile.checkMetadata(file, this, metadata);
    }

    /**
     * Writes the model as ONNX, for other programs to run: the file is there as a whole or not at all, and an existing one is
     * replaced. The graph takes a float tensor {@code X} of [N][features], not yet scaled, and gives {@code label}, the
     * class of each row, and {@code probabilities}.
     *
     * @param file the file
     * @param metadata what to say besides, as in {@link #save}: {@link #metadata()} of a model that has been loaded and not
     *     trained since; {@code classes} is added if there are names
     * @param scaling how the features were scaled in training, which becomes part of the graph
     * @param classNames a name for each class, which becomes its label; empty to label by number
     * @throws IllegalArgumentException if the scaling is for other features, there are more or fewer names than classes, or
     *     half of a surrogate pair is missing in one or in the metadata
     * @throws NullPointerException if a name or a value is null
     * @throws LanewiseException if a weight is not finite (70), or the file cannot be created (73) or written (74)
     */
    public void exportOnnx(Path file, Map<String, String> metadata, Scaling scaling, List<String> classNames) {
        if (!scaling.fits(architecture.features())) {
            throw new IllegalArgumentException("the scaling is not for " + architecture.features() + " features");
        }
        if (!classNames.isEmpty() && classNames.size() != architecture.classes()) {
            throw new IllegalArgumentException(classNames.size() + " names for " + architecture.classes() + " classes");
        }
        OnnxFile.write(file, this, metadata, scaling, classNames);
    }

    /**
     * Reads a model from safetensors; its architecture follows from the tensors.
     *
     * @param file the file
     * @return the model
     * @throws LanewiseException if the file is missing (66), cannot be read (74), does not fit the heap (71), or is damaged,
     *     of a newer version of Lanewise, or holds a tensor that is missing, extra or misshapen (65)
     */
    public static Model load(Path file) {
        return ModelFile.read(file, null);
    }

    /**
     * Reads a model of known architecture from safetensors, to train on.
     *
     * @param file the file
     * @param expected the architecture that it must have
     * @return the model
     * @throws LanewiseException if the file is missing (66), cannot be read (74), does not fit the heap (71), or is damaged,
     *     of a newer version of Lanewise, or holds a tensor that is missing, extra or misshapen (65)
     */
    public static Model load(Path file, Architecture expected) {
        return ModelFile.read(file, expected);
    }

    /**
     * Checks that the model can read the rows of a data set and knows its classes.
     *
     * @param data the data set
     * @throws LanewiseException if the data have another number of features, more classes than the model, or no labels, or
     *     are packed for another model (65)
     */
    public void requireFits(Rows data) {
        if (data.features() != architecture.features()) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the model does not take the features of the data")
                    .at("tensor " + Architecture.weightName(0))
                    .expected(data.features() + " inputs", architecture.features());
        }
        if (data.classes() > architecture.classes()) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the data have more classes than the model")
                    .at("tensor " + Architecture.weightName(architecture.layers() - 1))
                    .expected(data.classes() + " outputs", architecture.classes());
        }
        boolean takesTiles = PixelLayer.suits(architecture);
        boolean holdsBytes = !data.holdsFloats() && !data.holdsSparse();
        if (takesTiles ? holdsBytes && !data.holdsPixels() : data.holdsTiles()) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the rows are packed for another model")
                    .expected(
                            "rows packed for " + architecture,
                            takesTiles
                                    ? "rows packed for more layers or classes"
                                    : "rows packed for one layer of at most " + Pixels.MOST_CLASSES + " classes");
        }
        if (!data.isLabelled()) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the rows of the data are not labelled");
        }
    }

    /**
     * The first tensor that holds a NaN or an infinity.
     *
     * @return its name, or null if every element is finite
     */
    public String firstNonFinite() {
        for (int l = 0; l < layers.size(); l++) {
            if (!finite(layers.get(l).stored())) {
                return Architecture.weightName(l);
            }
            if (!finite(layers.get(l).bias())) {
                return Architecture.biasName(l);
            }
        }
        return null;
    }

    private static boolean finite(float[] values) {
        return NonFinite.first(values, 0, values.length) < 0;
    }
}
