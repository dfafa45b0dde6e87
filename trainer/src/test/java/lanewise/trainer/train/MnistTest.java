package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import lanewise.trainer.data.IdxFolder;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.Test;

/** The course's own recipe on MNIST against the rows that the course publishes (dlsyscourse/hw0, hw0.ipynb). */
class MnistTest {
    private static final double[] TEST_ERRORS = {.0940, .0873, .0855, .0837, .0823, .0809, .0808, .0804, .0801, .0797};

    @Test
    void tenEpochsOfSoftmaxRegressionGiveThePublishedRows() {
        IdxFolder mnist = IdxFolder.load(Path.of("../data/mnist"));
        Model model = Model.softmaxRegression(784, 10, false);
        History history = Trainer.builder().build().fit(model, mnist.train(), mnist.test(), new TrainingListener() {
            @Override
            public void onEpoch(EpochReport report) {
                System.out.println(report);
            }
        });
        EpochReport first = history.epochs().get(0);
        assertThat(first.trainLoss()).isCloseTo(.35134, within(2e-5));
        assertThat(first.trainError()).isCloseTo(.10182, within(3.5 / 60_000));
        assertThat(first.testLoss()).isCloseTo(.33588, within(2e-5));
        assertThat(history.epochs()).hasSize(10);
        assertThat(history.last().trainLoss()).isCloseTo(.27887, within(2e-5));
        for (int epoch = 0; epoch < 10; epoch++) {
            assertThat(history.epochs().get(epoch).testError())
                    .as("test error of epoch %d", epoch + 1)
                    .isCloseTo(TEST_ERRORS[epoch], within(2.5 / 10_000));
        }
    }
}
