package lanewise.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LanewiseExceptionTest {
    @Test
    void everyPartHasItsPlaceInTheLine() {
        LanewiseException e = new LanewiseException(ExitCode.BAD_DATA, "wrong magic")
                .hint("Try another one.")
                .expected("08", 13)
                .at("offset 2")
                .in(Path.of("data", "a.gz"));
        assertThat(e).hasMessage("data/a.gz: offset 2: wrong magic (expected 08, found 13). Try another one.");
        assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    }

    @Test
    void theFirstNameOfAFileStays() {
        LanewiseException e = new LanewiseException(ExitCode.BAD_DATA, "cut short").in(Path.of("labels"));
        assertThat(e.in(Path.of("rows"))).hasMessage("labels: cut short");
    }

    @Test
    void partsMayBeMissing() {
        assertThat(new LanewiseException(ExitCode.DIVERGED, "the loss is NaN")).hasMessage("the loss is NaN");
    }

    @Test
    void theReasonOfTheOperatingSystemStandsAlone() {
        assertThat(line(new IOException("No space left on device"))).isEqualTo("m: No space left on device");
        assertThat(line(new FileSystemException("m", null, "Read-only file system")))
                .isEqualTo("m: Read-only file system");
        assertThat(line(new NoSuchFileException("m"))).isEqualTo("m: no such file");
        assertThat(new LanewiseException(ExitCode.CANNOT_CREATE, new NoSuchFileException("m")))
                .hasMessage("cannot be created");
        assertThat(line(new AccessDeniedException("m"))).isEqualTo("m: permission denied");
        assertThat(line(new IOException())).isEqualTo("m: IOException");
        assertThat(line(new ClosedByInterruptException())).isEqualTo("m: the thread was interrupted");
    }

    @Test
    void nothingMovesTheCursorOrForgesALine() {
        assertThat(LanewiseException.printable("a\r\n\t\u001b[2J\u0085\u2028\u202e\ud800b\u00e9\ud83d\ude00"))
                .isEqualTo("a\\x0d\\x0a\\x09\\x1b[2J\\x85\\u2028\\u202e\\ud800b\u00e9\ud83d\ude00");
    }

    @Test
    void whatAFileSaysIsCutToALine() {
        LanewiseException e =
                new LanewiseException(ExitCode.BAD_DATA, "x".repeat(1000)).expected("y", "z".repeat(1000));
        assertThat(e.getMessage()).hasSizeLessThan(600).endsWith("...)");
    }

    private static String line(IOException cause) {
        LanewiseException e = new LanewiseException(ExitCode.IO_FAILED, cause).in(Path.of("m"));
        assertThat(e).hasCause(cause);
        return e.getMessage();
    }
}
