package lanewise.trainer.cli;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import lanewise.trainer.train.Schedule;

/** Recipes with a name. Every option that is given as well has its way. */
enum Preset {
    /** Softmax regression as in the course. */
    HW0_SOFTMAX(Map.of()),

    /** The network of the course. */
    HW0_MLP(Map.ofEntries(
            entry(ModelOptions.MODEL, ModelOptions.Kind.MLP),
            entry(ModelOptions.HIDDEN, List.of(400)),
            entry(RecipeOptions.EPOCHS, 20))),

    /** What does well on MNIST: a network or, if that is typed, softmax regression. */
    MNIST_BEST(
            Map.ofEntries(
                    entry(ModelOptions.MODEL, ModelOptions.Kind.MLP),
                    entry(ModelOptions.HIDDEN, List.of(800)),
                    entry(ModelOptions.BIAS, true),
                    entry(RecipeOptions.EPOCHS, 20),
                    entry(RecipeOptions.LR, 0.2f),
                    entry(RecipeOptions.SCHEDULE, Schedule.Kind.COSINE),
                    entry(RecipeOptions.MOMENTUM, 0.9f),
                    entry(RecipeOptions.LABEL_SMOOTHING, 0.1f),
                    entry(RecipeOptions.CLIP_NORM, 1f),
                    entry(RecipeOptions.SHUFFLE, true)),
            Map.ofEntries(
                    entry(ModelOptions.BIAS, true),
                    entry(RecipeOptions.EPOCHS, 30),
                    entry(RecipeOptions.LR, 0.1f),
                    entry(RecipeOptions.SCHEDULE, Schedule.Kind.COSINE),
                    entry(RecipeOptions.MOMENTUM, 0.9f),
                    entry(RecipeOptions.WEIGHT_DECAY, 1e-4f),
                    entry(RecipeOptions.SHUFFLE, true))),

    /** A network that does well on Fashion-MNIST. */
    FASHION_BEST(Map.ofEntries(
            entry(ModelOptions.MODEL, ModelOptions.Kind.MLP),
            entry(ModelOptions.HIDDEN, List.of(800)),
            entry(ModelOptions.BIAS, true),
            entry(RecipeOptions.EPOCHS, 40),
            entry(RecipeOptions.LR, 0.05f),
            entry(RecipeOptions.SCHEDULE, Schedule.Kind.COSINE),
            entry(RecipeOptions.MOMENTUM, 0.9f),
            entry(RecipeOptions.LABEL_SMOOTHING, 0.1f),
            entry(RecipeOptions.WEIGHT_DECAY, 3e-4f),
            entry(RecipeOptions.SHUFFLE, true)));

    static final Option<Preset> OPTION =
            Option.choice("--preset", Preset.class, "a recipe with a name, but for the options that are given");

    private final Map<Option<?>, Object> options;
    private final Map<Option<?>, Object> ofSoftmax;

    Preset(Map<Option<?>, Object> options) {
        this(options, options);
    }

    Preset(Map<Option<?>, Object> options, Map<Option<?>, Object> ofSoftmax) {
        this.options = options;
        this.ofSoftmax = ofSoftmax;
    }

    /**
     * What it stands for.
     *
     * @param softmax whether softmax regression is asked for
     */
    Map<Option<?>, Object> options(boolean softmax) {
        return softmax ? ofSoftmax : options;
    }

    /** What was typed, over the preset that was typed, if any. */
    static Arguments under(Arguments typed) {
        if (!typed.given(OPTION)) {
            return typed;
        }
        boolean softmax = typed.given(ModelOptions.MODEL) && typed.get(ModelOptions.MODEL) == ModelOptions.Kind.SOFTMAX;
        return typed.over(typed.get(OPTION).options(softmax));
    }
}
