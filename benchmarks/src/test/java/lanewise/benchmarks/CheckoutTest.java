package lanewise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {
    @TempDir
    Path folder;

    @Test
    void aRevisionTellsWhetherThereAreChanges() throws Exception {
        assumeFalse(Tools.ask(folder, "git", "--version").isEmpty());
        Path file = Files.writeString(folder.resolve("file"), "one");
        git("init");
        git("add", "file");
        git("config", "user.name", "n");
        git("config", "user.email", "e");
        git("commit", "--no-gpg-sign", "-m", "one");
        git("tag", "-m", "one", "v1");
        String hash = Tools.ask(folder, "git", "rev-parse", "--short", "HEAD");
        assertThat(hash).isNotEmpty();
        assertThat(Checkout.revision(folder)).isEqualTo(hash);
        Files.writeString(file, "another");
        assertThat(Checkout.revision(folder)).isEqualTo(hash + "+changes");
        assertThat(Checkout.revision(Files.createDirectory(folder.resolve("within"))))
                .isEmpty();
    }

    @Test
    void aFolderWithoutARevisionHasNone() throws Exception {
        assertThat(Checkout.revision(folder)).isEmpty();
        Files.createFile(folder.resolve(".git"));
        assertThat(Checkout.revision(folder)).isEmpty();
    }

    @Test
    void aToolThatIsNotThereSaysNothing() {
        assertThat(Tools.ask(folder, "no-such-tool-anywhere")).isEmpty();
    }

    private void git(String... arguments) {
        Tools.ask(folder, Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new));
    }
}
