package lanewise.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model has the same bits on every JVM, so nothing here calls the functions of {@link Math} whose last bit the
 * specification leaves open; {@link StrictMath} has them all. The kernels hold the same rule on their class files.
 */
class BitsRulesTest {
    private static final Predicate<String> INEXACT = Pattern.compile("(?<!Strict)Math(\\.|::)"
                    + "(a?cos|a?sin|a?tan|atan2|cosh|sinh|tanh|cbrt|exp|expm1|hypot|log|log10|log1p|pow)\\b")
            .asPredicate();

    @Test
    void noSourceCallsAnInexactFunction() throws IOException {
        List<Path> sources;
        try (var files = Files.walk(Path.of("src/main/java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        assertThat(sources).hasSizeGreaterThan(10);
        for (Path source : sources) {
            assertThat(Files.readAllLines(source)).as(source.toString()).noneMatch(INEXACT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"y = Math.exp(x);", "import static java.lang.Math.log;", "map(Math::tanh)", "Math.pow(x, 2)"})
    void anInexactFunctionIsFound(String line) {
        assertThat(line).matches(INEXACT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"y = StrictMath.exp(x);", "Math.sqrt(x)", "Math.logical(x)", "Math.max(x, y)"})
    void anExactFunctionIsNot(String line) {
        assertThat(INEXACT.test(line)).isFalse();
    }
}
