package lanewise.trainer.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lanewise.trainer.train.WarmUp;

/**
 * What is going to be trained, as far as the words look like it. It only chooses what the warm-up compiles while they are
 * parsed: a wrong guess costs time, never a result.
 *
 * @param network whether there is a hidden layer
 * @param bias whether there are biases
 */
record WarmUpGuess(boolean network, boolean bias) {
    static WarmUpGuess of(List<String> words) {
        boolean softmax = words.contains("softmax") || words.contains("--model=softmax");
        Map<Option<?>, Object> preset = Stream.of(Preset.values())
                .filter(one -> words.stream().anyMatch(word -> word.endsWith(Option.plain(one))))
                .findFirst()
                .map(one -> one.options(softmax))
                .orElse(Map.of());
        return new WarmUpGuess(
                preset.containsKey(ModelOptions.HIDDEN)
                        || words.stream().anyMatch(word -> word.startsWith("--hidden") || word.endsWith("mlp")),
                preset.containsKey(ModelOptions.BIAS) || words.contains("--" + ModelOptions.BIAS.key()));
    }

    WarmUp start() {
        return WarmUp.start(network, bias);
    }
}
