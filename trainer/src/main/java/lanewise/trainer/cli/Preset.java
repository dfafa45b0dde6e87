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

    /** A network that does well on MNIST. */
    MNIST_BEST(Map.ofEntries(
            entry(ModelOptions.MODEL, ModelOptions.Kind.MLP),
            entry(ModelOptions.HIDDEN, List.of(800)),
            entry(RecipeOptions.SCHEDULE, Schedule.Kind.COSINE))),

    /** A network that does well on Fashion-MNIST. */
    FASHION_BEST(Map.ofEntries(
            entry(ModelOptions.MODEL, ModelOptions.Kind.MLP),
            entry(ModelOptions.HIDDEN, List.of(800)),
            entry(RecipeOptions.SCHEDULE, Schedule.Kind.COSINE)));

    static final Option<Preset> OPTION =
            Option.choice("--preset", Preset.class, "a recipe with a name, but for the options that are given");

    private final Map<Option<?>, Object> options;

    Preset(Map<Option<?>, Object> options) {
        this.options = options;
    }

    /** What was typed, over the preset that was typed, if any. */
    static Arguments under(Arguments typed) {
        return typed.given(OPTION) ? typed.over(typed.get(OPTION).options) : typed;
    }
}
