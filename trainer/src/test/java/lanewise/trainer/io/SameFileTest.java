package lanewise.trainer.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of one file are recognised however they are written. */
class SameFileTest {
    @TempDir
    private Path folder;

    private Path there;
    private Path missing;

    @BeforeEach
    void create() throws IOException {
        there = Files.writeString(folder.resolve("there"), "x");
        missing = folder.resolve("missing");
    }

    @Test
    void anotherSpelling() throws IOException {
        assertThat(SameFile.are(there, folder.resolve("./there"))).isTrue();
        Files.createDirectory(folder.resolve("sub"));
        assertThat(SameFile.are(missing, folder.resolve("sub/../missing"))).isTrue();
    }

    @Test
    void links() throws IOException {
        Path hard = Files.createLink(folder.resolve("hard"), there);
        Path soft = Files.createSymbolicLink(folder.resolve("soft"), Path.of("there"));
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("missing"));
        Path sameFolder = Files.createSymbolicLink(folder.resolve("folder"), folder);
        assertThat(SameFile.are(there, hard)).isTrue();
        assertThat(SameFile.are(soft, hard)).isTrue();
        assertThat(SameFile.are(dangling, missing)).isTrue();
        assertThat(SameFile.are(sameFolder.resolve("missing"), missing)).isTrue();
    }

    /** What is behind .. is beside the folder that a link leads to, not beside the link. */
    @Test
    void linksThatDotsLeadOutOf() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("a/b"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), deep);
        assertThat(SameFile.are(link.resolve("../new"), folder.resolve("a/new")))
                .isTrue();
        assertThat(SameFile.are(link.resolve("../new"), folder.resolve("new"))).isFalse();
    }

    @Test
    void otherFiles() throws IOException {
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThat(SameFile.are(there, missing)).isFalse();
        assertThat(SameFile.are(missing, folder.resolve("missing2"))).isFalse();
        assertThat(SameFile.are(loop, missing)).isFalse();
    }
}
