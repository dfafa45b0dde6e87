package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.NO_MEMORY;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an int cannot count is more than the heap can hold, and no defect. */
@Tag("no-kernel")
class EntryCountTest {
    private static final int MOST = Integer.MAX_VALUE;

    private final EntryCount count = new EntryCount();

    @Test
    void tooManyRows() throws ReflectiveOperationException {
        Field rows = EntryCount.class.getDeclaredField("rows");
        rows.setAccessible(true);
        rows.setInt(count, MOST - 1);
        count.endRow(0);
        assertThat(count.rows()).isEqualTo(MOST);
        assertRefused(() -> count.endRow(0), NO_MEMORY, "too many rows (expected at most 2147483647, found more)");
    }

    @Test
    void tooManyEntriesOfAUnit() {
        count.add(MOST);
        for (int row = 1; row < Rows.UNIT; row++) {
            count.add(0);
        }
        count.add(1);
        assertThat(count.all().largestUnit()).isEqualTo(MOST);
        assertThat(count.all().all()).isEqualTo(MOST + 1L);
        assertRefused(
                () -> count.add(MOST),
                NO_MEMORY,
                "too many entries in 128 rows (expected at most 2147483647, found more)");
    }
}
