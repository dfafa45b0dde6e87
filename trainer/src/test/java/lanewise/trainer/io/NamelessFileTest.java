package lanewise.trainer.io;

import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.Refusal.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lanewise.trainer.data.DataReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamelessFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsNoFolderIsRefused() throws IOException {
        Path table = Files.writeString(folder.resolve("table.csv"), "1,0\n2,1\n");
        Path none = folder.resolve("none");
        DataReader reader = DataReader.builder().build();
        String line = ": no copy of the data can be made there (expected a folder that can be written, found ";
        assertRefused(() -> reader.copy(table, none), CANNOT_CREATE, none + line + "nothing)");
        assertRefused(() -> reader.copy(table, table), CANNOT_CREATE, table + line + "a file)");
        Path proc = Path.of("/proc");
        assertRefused(() -> reader.copy(table, proc), CANNOT_CREATE, proc + line + "one that takes no files)");
    }
}
