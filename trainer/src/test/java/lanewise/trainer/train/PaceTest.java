package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import lanewise.kernels.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final Workers workers = Workers.of(2);
    private final Pace pace = new Pace(workers);

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void bothHaveATryAndTheFasterGoesOn() {
        assertThat(pace.begin()).isSameAs(workers);
        stretch(8);
        assertThat(pace.begin()).isSameAs(Workers.serial());
        stretch(10);
        assertThat(pace.begin()).isSameAs(workers);
    }

    @Test
    void theSlowerComesBackLaterEachTime() {
        int expected = 2 * Pace.SHORTEST_PATIENCE;
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(pace.begin()).isSameAs(workers);
            stretch(12);
            // A try is the first of the stretches to wait.
            assertThat(stretchesAlone(10)).isEqualTo(expected - 1);
            expected = Math.min(Pace.LONGEST_PATIENCE, 2 * expected);
        }
    }

    @Test
    void whatHasBecomeSlowerGoes() {
        stretch(8);
        stretch(10);
        stretch(12);
        assertThat(pace.begin()).isSameAs(Workers.serial());
    }

    /** However often the slower way has lost. */
    @Test
    void whatSomethingWasInTheWayOfComesBackSoon() {
        stretch(8);
        for (int attempt = 0; attempt < 6; attempt++) {
            stretch(10);
            for (int i = 0; pace.begin() == workers; i++) {
                assertThat(i).isLessThan(Pace.LONGEST_PATIENCE);
                stretch(8);
            }
        }
        stretch(10);
        assertThat(pace.begin()).isSameAs(workers);
        stretch(12);
        assertThat(stretchesAlone(10)).isEqualTo(Pace.SHORTEST_PATIENCE - 1);
    }

    @Test
    void aFewInterruptionsDoNotCount() {
        for (int step = 0; step < Pace.STRETCH; step++) {
            pace.add(step % 3 == 0 ? 1_000 : 8, 1);
        }
        stretch(10);
        assertThat(pace.begin()).isSameAs(workers);
    }

    /** A try of the slower way takes a few steps, of which each is long. */
    @Test
    void aStretchOfLongStepsIsShort() {
        long step = Pace.STRETCH_NANOS / Pace.SHORT_STRETCH;
        for (int i = 0; i < Pace.SHORT_STRETCH; i++) {
            assertThat(pace.begin()).isSameAs(workers);
            pace.add(step, 100);
        }
        for (int i = 0; i < Pace.SHORT_STRETCH; i++) {
            assertThat(pace.begin()).isSameAs(Workers.serial());
            pace.add(2 * step, 100);
        }
        assertThat(pace.begin()).isSameAs(workers);
    }

    private void stretch(long nanos) {
        for (int step = 0; step < Pace.STRETCH; step++) {
            pace.add(nanos, 1);
        }
    }

    /** How many stretches the caller does before the workers have a try. */
    private int stretchesAlone(long alone) {
        int stretches = 0;
        for (; pace.begin() == Workers.serial(); stretches++) {
            stretch(alone);
        }
        return stretches;
    }
}
