package lanewise.kernels.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import lanewise.kernels.backend.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassFileRulesTest {
    @Test
    void everyKernelKeepsTheRules() throws IOException, URISyntaxException {
        Path classes = Path.of(Backend.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Path> files;
        try (var walk = Files.walk(classes)) {
            files = walk.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("module-info.class"))
                    .toList();
        }
        Set<String> violations = new TreeSet<>();
        for (Path file : files) {
            violations.addAll(ClassFileRules.violations(Files.readAllBytes(file)));
        }
        assertThat(files).anyMatch(file -> file.endsWith("lanewise/kernels/simd/SimdBackend.class"));
        assertThat(violations).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "NamesSimd, names lanewise/kernels/simd/SimdBackend",
        "NamesScalar, names lanewise/kernels/scalar/ScalarBackend",
        "VectorField, is a field that holds vectors",
        "VectorField, names the vector module",
        "VectorsInGenericField, is a field that holds vectors",
        "MaskField, is a field that holds vectors",
        "SpeciesField, is a species but no static final one",
        "VectorParameter, takes or returns vectors",
        "VectorReturn, takes or returns vectors",
        "VectorCapture, captures vectors in a lambda",
        "VectorArray, makes an array of vectors",
        "VectorArrays, makes an array of vectors",
        "SumOfLanes, sums or multiplies with reduceLanes",
        "SumAsReceiver, calls abs on what it returned before",
        "SumAsReceiver, calls add on what it returned before",
        "VectorExp, uses VectorOperators.EXP",
        "MathExp, calls Math.exp",
        "MathLogReference, calls Math.log",
    })
    void aPlantedViolationIsFound(String planted, String violation) throws IOException {
        assertThat(violations(planted)).anyMatch(found -> found.endsWith(violation));
    }

    @Test
    void theMaximumOfLanesAndStrictMathAreAllowed() throws IOException {
        String planted = Planted.MaximumOfLanes.class.getName().replace('.', '/');
        assertThat(violations("MaximumOfLanes")).containsExactly(planted + " names the vector module");
    }

    @Test
    void aSumMayBeAnArgumentAndAReceiverAfterTheLoop() throws IOException {
        String planted = Planted.SumAsArgument.class.getName().replace('.', '/');
        assertThat(violations("SumAsArgument")).containsExactly(planted + " names the vector module");
    }

    private static Set<String> violations(String planted) throws IOException {
        try (InputStream file = Planted.class.getResourceAsStream("Planted$" + planted + ".class")) {
            return ClassFileRules.violations(file.readAllBytes());
        }
    }
}
