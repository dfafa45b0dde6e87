package lanewise.benchmarks.ladder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import lanewise.benchmarks.Failure;
import lanewise.trainer.LanewiseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClimbTest {
    @TempDir
    Path folder;

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
