package lanewise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildTest {
    /** Says something on both streams. */
    public static final class Says {
        private Says() {}

        /** Says it. */
        public static void main(String[] args) {
            System.err.println("WARNING: nothing that matters");
            System.err.println("note: " + args[0]);
            System.out.println("a line");
        }
    }

    @Test
    void notesArePassedOnOnceAndNothingElseIs() {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        PrintStream usual = System.err;
        System.setErr(new PrintStream(heard, true));
        try {
            for (int jvm = 0; jvm < 2; jvm++) {
                assertThat(new Child().run(Says.class, List.of("half of it is not to be had")))
                        .containsExactly("a line");
            }
        } finally {
            System.setErr(usual);
        }
        assertThat(heard.toString().lines()).containsExactly("note: half of it is not to be had");
    }
}
