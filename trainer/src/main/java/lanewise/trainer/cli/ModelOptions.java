package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.List;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Rows;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Provenance;

/** The options of everything that learns: what it learns. */
final class ModelOptions {
    /** The models that can be learned. */
    enum Kind {
        /** Softmax regression. */
        SOFTMAX,
        /** A network with ReLU hidden layers. */
        MLP
    }

    private static final int MOST = 1_000_000;
    private static final List<Integer> HIDDEN_OF_MLP = List.of(400);

    static final Option<Kind> MODEL =
            Option.choice("--model", Kind.SOFTMAX, "softmax regression, or a network with ReLU hidden layers");
    static final Option<List<Integer>> HIDDEN = Option.wholes(
            "--hidden", 1, MOST, "the units of each hidden layer of a network (default 400); implies --model mlp");
    static final Option<Boolean> BIAS = Option.flag("--[no-]bias", "adds a bias to each output (default no)");
    static final Option<Path> INIT = Option.path("--init", "FILE", "the model to start from");

    /** All that decide the result. */
    static final List<Option<?>> OPTIONS = List.of(MODEL, HIDDEN, BIAS, INIT);

    private ModelOptions() {}

    /**
     * The hidden layers, none for softmax regression.
     *
     * @throws LanewiseException if there are some in softmax regression (2)
     */
    static List<Integer> hidden(Arguments arguments) {
        boolean softmax = arguments.given(MODEL) && arguments.get(MODEL) == Kind.SOFTMAX;
        if (softmax && arguments.given(HIDDEN)) {
            throw Arguments.usage("softmax regression has no hidden layer")
                    .at(HIDDEN.name())
                    .expected("--model mlp", "--model softmax");
        }
        if (!softmax && arguments.get(HIDDEN) != null) {
            return arguments.get(HIDDEN);
        }
        return arguments.get(MODEL) == Kind.MLP ? HIDDEN_OF_MLP : List.of();
    }

    /**
     * The sizes of a model for some data.
     *
     * @throws LanewiseException if a layer is larger than an array can be: a hidden one (2), or softmax regression (71)
     */
    static Architecture architecture(Arguments arguments, Rows data) {
        return architecture(arguments, data.features(), data.classes());
    }

    /** As {@link #architecture(Arguments, Rows)}, for data of so many features and classes. */
    static Architecture architecture(Arguments arguments, int features, int classes) {
        List<Integer> hidden = hidden(arguments);
        try {
            return new Architecture(features, hidden, classes, arguments.get(BIAS));
        } catch (IllegalArgumentException e) {
            if (hidden.isEmpty()) {
                throw new LanewiseException(ExitCode.NO_MEMORY, e.getMessage()).in(DataOptions.data(arguments));
            }
            throw Arguments.usage(e.getMessage()).at(HIDDEN.name());
        }
    }

    /**
     * The model to start from: a file, zeros for softmax regression, or drawn weights for a network. Tells where that of a file
     * has learned other classes, other features, or on another scale.
     *
     * @throws LanewiseException if a layer is too large, as {@link #architecture} says, there is no such file (66), or it does
     *     not fit (65)
     */
    static Model first(Arguments arguments, Rows data, Console console) {
        Architecture architecture = architecture(arguments, data);
        Path init = arguments.get(INIT);
        if (init != null) {
            Model model = Model.load(init, architecture);
            SavedModel.of(model, init).provenance().ifPresent(learned -> note(learned, data, console));
            return model;
        }
        return architecture.hidden().isEmpty()
                ? Model.zeros(architecture)
                : Model.mlp(
                        architecture.features(),
                        architecture.hidden(),
                        architecture.classes(),
                        architecture.bias(),
                        arguments.get(RecipeOptions.SEED));
    }

    /**
     * Every file that is learned from, measured by or started from, so that nothing is written over it.
     *
     * @throws LanewiseException if standard input would be read twice (2)
     */
    static TakenFiles inputs(Arguments arguments) {
        return DataFiles.taken(arguments).add(INIT, arguments.get(INIT));
    }

    private static void note(Provenance learned, Rows data, Console console) {
        String model = "the model of " + INIT.name() + " has learned ";
        if (!learned.classes().equals(data.classNames())) {
            console.note(model + "other classes: " + Text.listed(learned.classes()));
        }
        if (!learned.scaling().equals(data.scaling())) {
            console.note(model + "features of another scaling");
        }
        if (!learned.featureNames().isEmpty()
                && !data.featureNames().isEmpty()
                && !learned.featureNames().equals(data.featureNames())) {
            console.note(model + "other features: " + Text.listed(learned.featureNames()));
        }
    }
}
