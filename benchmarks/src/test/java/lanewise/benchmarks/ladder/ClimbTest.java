package lanewise.benchmarks.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Failure;
import lanewise.trainer.LanewiseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClimbTest {
    @TempDir
    Path folder;

    /** The verb as it is, but for the work, which is tiny, all steps but the last, and the page, which is a copy. */
    @ParameterizedTest
    @EnumSource
    void aStepIsMeasuredPrintedAndWritten(Ladder ladder) throws Exception {
        Path file = Files.copy(Checkout.root().resolve("docs").resolve(ladder + ".md"), folder.resolve("page.md"));
        List<String> before = Files.readAllLines(file);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Step last = ladder.steps().get(ladder.steps().size() - 1);
        Climb.run(
                new PrintStream(said, true),
                ladder,
                List.of(last),
                List.of(ladder.small()),
                new Page(ladder, file),
                true);
        List<String> table = said.toString().lines().toList();
        assertThat(table)
                .last()
                .asString()
                .matches("\\| \\[" + last.name() + "]\\(\\S+\\) \\| [\\d.]+ \\| [\\d.]+ % \\| "
                        + Pattern.quote(last.idea()) + " \\|");
        List<String> after = new ArrayList<>(before.subList(0, before.indexOf("<!-- table -->") + 1));
        after.add("");
        after.addAll(table);
        after.add("");
        after.addAll(before.subList(before.indexOf("<!-- end of table -->"), before.size()));
        assertThat(Files.readAllLines(file)).isEqualTo(after).isNotEqualTo(before);
    }

    @Test
    void aPageThatCannotBeRenewedIsAFailureBeforeAnythingIsMeasured() throws Exception {
        Path file = Files.writeString(folder.resolve("page.md"), "<!-- table -->\n<!-- end of table -->\n");
        Page page = new Page(Ladder.MATMUL, file);
        page.requireWritable();
        assertThatThrownBy(new Page(Ladder.MATMUL, folder)::requireWritable).isInstanceOf(LanewiseException.class);
        Files.writeString(file, "<!-- table -->\n");
        assertThatThrownBy(page::requireWritable)
                .isInstanceOf(Failure.class)
                .hasMessage("page.md has no line <!-- end of table -->");
    }
}
