package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import lanewise.trainer.data.IdxFolder;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The course's own recipe on MNIST against the rows that the course publishes (dlsyscourse/hw0, hw0.ipynb). */
@Tag("own-mode")
class MnistTest {
    private static final double[] TEST_ERRORS = {.0940, .0873, .0855, .0837, .0823, .0809, .0808, .0804, .0801, .0797};

    @Test
    void tenEpochsOfSoftmaxRegressionGiveThePublishedRows() {
        IdxFolder mnist = IdxFolder.load(Path.of(System.getProperty("lanewise.data")));
        Model model = Model.softmaxRegression(784, 10, false);
        List<EpochReport> epochs = Trainer.builder()
                .build()
                .fit(model, mnist.train(), mnist.test())
                .epochs();
        assertThat(epochs).hasSize(10);
        assertThat(epochs.get(0).trainLoss()).isCloseTo(.35134, within(2e-5));
        assertThat(epochs.get(0).trainError()).isCloseTo(.10182, within(3.5 / 60_000));
        assertThat(epochs.get(0).testLoss()).isCloseTo(.33588, within(2e-5));
        assertThat(epochs.get(9).trainLoss()).isCloseTo(.27887, within(2e-5));
        for (int epoch = 0; epoch < 10; epoch++) {
            assertThat(epochs.get(epoch).testError())
                    .as("test error of epoch %d", epoch + 1)
                    .isCloseTo(TEST_ERRORS[epoch], within(2.5 / 10_000));
        }
    }
}
