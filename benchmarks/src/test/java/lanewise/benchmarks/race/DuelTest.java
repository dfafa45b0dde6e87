package lanewise.benchmarks.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** The instruments show what is there to be seen. */
class DuelTest {
    private static final double MILLI = 1e6;

    @Test
    void aRoundThatTookLongIsSeen() {
        Contender even = new Sleeper(run -> 2);
        Contender uneven = new Sleeper(run -> run == 4 ? 100 : 2);
        // Five rounds, since the time is up at once, with two runs of each, since a run is longer than a block is to
        // be.
        Duel.Outcome outcome = Duel.race(uneven, 2 * MILLI, even, 2 * MILLI, 0);
        // However busy the machine is: of five rounds two are above the median of the one contender and two of the
        // other.
        assertThat(outcome.disturbed()).isBetween(0.2, 0.8);
    }

    @Test
    void aContenderIsNotWarmBeforeItGetsNoFaster() {
        assertThat(Duel.warmUp(new Sleeper(run -> run < 10 ? 2 : 0))).isLessThan(MILLI / 10);
    }

    /** Takes as many milliseconds as it is told for each run, counted from 0. */
    private static final class Sleeper implements Contender {
        private final IntUnaryOperator millis;
        private int runs;

        Sleeper(IntUnaryOperator millis) {
            this.millis = millis;
        }

        @Override
        public void run() {
            int sleep = millis.applyAsInt(runs++);
            try {
                if (sleep > 0) {
                    Thread.sleep(sleep);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public float[] result() {
            return new float[0];
        }
    }
}
