package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrainProgressTest {
    private static final String TERMINAL = "lanewise.terminal";

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void haveATerminal() {
        System.setProperty(TERMINAL, "true");
    }

    @AfterEach
    void haveNone() {
        System.clearProperty(TERMINAL);
    }

    /** Also when it ends amid an epoch, as by Ctrl-C, which a note tells next. */
    @Test
    void theBarIsGoneWhenATrainingEnds() {
        Console console = console(err);
        Trainer trainer = Trainer.builder().threads(1).build();
        Dataset data = Dataset.of(new float[] {1, 2, 3}, 3, 1, new int[] {0, 1, 0}, 2);
        try (EpochLog log = new EpochLog(null, console);
                TrainProgress progress = new TrainProgress(trainer, log, console);
                Training training = trainer.start(Model.softmaxRegression(1, 2, false), data)) {
            progress.onStart(training);
            while (err.size() == 0) {
                progress.onStep(1, 1, 3);
            }
            assertThat(err.toString(UTF_8)).startsWith("[").endsWith(" 3 %, epoch 1 of 10");
            progress.onEnd(training);
            assertThat(err.toString(UTF_8)).endsWith(" \r");
        }
    }

    /** Its time has come where that of a later one has. */
    @Test
    void aQuietConsoleHasNoBar() {
        ByteArrayOutputStream silence = new ByteArrayOutputStream();
        Console quiet = console(silence);
        quiet.beQuiet();
        ProgressBar none = quiet.progressBar(1);
        ProgressBar other = console(err).progressBar(1);
        while (err.size() == 0) {
            other.update(1, 1, 3);
        }
        none.update(1, 1, 3);
        assertThat(silence.size()).isZero();
    }

    private static Console console(OutputStream err) {
        return new Console(OutputStream.nullOutputStream(), new PrintStream(err, true, UTF_8));
    }
}
