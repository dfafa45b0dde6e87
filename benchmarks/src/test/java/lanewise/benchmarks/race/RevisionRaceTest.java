package lanewise.benchmarks.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Heard;
import org.junit.jupiter.api.Test;

class RevisionRaceTest {
    private static final Work PRODUCT = Work.parse("sgemm NN:1x2x1 1");

    @Test
    void eitherOfTheTwoComesFirst() {
        for (String swapped : List.of("false", "true")) {
            List<String> lines = new Child().run(RevisionRace.class, List.of("", swapped, "0.01", "scal 64 1"));
            assertThat(lines).singleElement().asString().startsWith("scal 64 1\t");
        }
    }

    @Test
    void ourTimeStaysOursWhoeverComesFirst() {
        Measurement twiceAsFast = new Measurement(PRODUCT, 1, 2, 2, 0);
        assertThat(Measurement.of(PRODUCT, new Duel.Outcome(1, 2, 2, 0, 0), false))
                .isEqualTo(twiceAsFast);
        assertThat(Measurement.of(PRODUCT, new Duel.Outcome(2, 1, 0.5, 0, 0), true))
                .isEqualTo(twiceAsFast);
    }

    @Test
    void aRevisionTellsWhatItMadeWhereItCan() {
        ClassLoader loader = getClass().getClassLoader();
        assertThat(RevisionRace.prepare(loader, false, "exp 64 1").result())
                .hasSize(64)
                .doesNotContain(0f);
        assertThat(RevisionRace.prepare(loader, false, "dot 64 1").result()).isEmpty();
    }

    @Test
    void resultsThatDifferAreSaidInALine() {
        assertThat(said(made(1), made(1 + 0x1p-23f))).isEmpty();
        assertThat(said(made(1), made()).lines())
                .containsExactly("note: sgemm NN:1x2x1 1: the results are not compared");
        assertThat(said(made(1), made(1.1f)).lines())
                .singleElement()
                .asString()
                .startsWith("note: sgemm NN:1x2x1 1: the other revision has 1.1 at 0 (expected 1.0 within");
    }

    @Test
    void onlyTheOtherRevisionMayLackAKernel() {
        String work = "no-such-kernel 64 1";
        ClassLoader loader = getClass().getClassLoader();
        assertThat(Heard.from(() ->
                        assertThat(RevisionRace.prepare(loader, true, work)).isNull()))
                .startsWith("note: " + work + " is not to be had: ");
        for (String swapped : List.of("false", "true")) {
            assertThatThrownBy(() -> new Child().run(RevisionRace.class, List.of("", swapped, "0.01", work)))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("ended with status 1");
        }
    }

    private static String said(Contender ours, Contender theirs) {
        return Heard.from(() -> RevisionRace.compare(PRODUCT, ours, theirs));
    }

    private static Contender made(float... result) {
        return new Contender() {
            @Override
            public void run() {}

            @Override
            public float[] result() {
                return result;
            }
        };
    }
}
