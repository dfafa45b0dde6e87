package lanewise.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lanewise.trainer.io.Heap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelLayerTest {
    /** Weights, gradient and momentum are one array, with the classes in fives and the features in groups of 32. */
    @ParameterizedTest
    @CsvSource({"15, 47721856", "11, 47721856", "10, 71582784", "6, 71582784", "5, 143165568", "1, 143165568"})
    void whatNoArrayCanHoldSuitsNoLayer(int classes, int most) {
        Architecture large = new Architecture(most, List.of(), classes, false);
        assertThat(PixelLayer.floats(large, 3)).isBetween(Heap.LONGEST_ARRAY - 3 * 32 * 15L, (long) Heap.LONGEST_ARRAY);
        assertThat(PixelLayer.suits(large)).isTrue();
        Architecture larger = new Architecture(most + 1, List.of(), classes, false);
        assertThat(PixelLayer.suits(larger)).isFalse();
        Architecture huge = new Architecture((int) (Heap.LONGEST_ARRAY / (long) classes), List.of(), classes, false);
        assertThat(PixelLayer.floats(huge, 3)).isGreaterThan(Heap.LONGEST_ARRAY);
        assertThat(PixelLayer.suits(huge)).isFalse();
    }
}
