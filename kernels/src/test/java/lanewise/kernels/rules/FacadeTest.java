package lanewise.kernels.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import lanewise.kernels.Transpose;
import lanewise.kernels.Workers;
import org.junit.jupiter.api.Test;

/** Each facade says where its operation comes from, and lets no null pass; the README names them all. */
class FacadeTest {
    @Test
    void everyFacadeHasASource() throws IOException {
        assertThat(facades())
                .hasSizeGreaterThan(10)
                .allSatisfy((name, text) ->
                        assertThat(text.contains("<b>Source.</b>")).as(name).isTrue());
    }

    @Test
    void theReadmeNamesEveryFacade() throws IOException {
        String line = Files.readString(Path.of("..", "README.md"))
                .lines()
                .filter(text -> text.startsWith("The kernels `"))
                .findFirst()
                .orElseThrow();
        assertThat(facades().keySet()).allSatisfy(name -> assertThat(line).contains('`' + name + '`'));
    }

    /** Even where there is nothing to compute. */
    @Test
    void noArrayMayBeNullButThoseThatMeanNone() throws Exception {
        Set<String> accepted = new TreeSet<>();
        for (String facade : facades().keySet()) {
            for (Method method : Class.forName("lanewise.kernels." + facade).getMethods()) {
                if (!Modifier.isStatic(method.getModifiers())) {
                    continue;
                }
                Class<?>[] types = method.getParameterTypes();
                assertThat(accepts(method, ofNothing(types)))
                        .as(method.toString())
                        .isTrue();
                for (int i = 0; i < types.length; i++) {
                    Object[] arguments = ofNothing(types);
                    arguments[i] = null;
                    if (!types[i].isPrimitive() && accepts(method, arguments)) {
                        accepted.add(facade + "." + method.getName() + ", argument " + i);
                    }
                }
            }
        }
        assertThat(accepted)
                .containsExactly(
                        "CrossEntropy.gradient, argument 8",
                        "CrossEntropy.gradientByClass, argument 8",
                        "CrossEntropy.loss, argument 8",
                        "CrossEntropy.lossAndGradient, argument 8",
                        "CrossEntropy.lossAndGradientByClass, argument 8",
                        "CrossEntropy.lossByClass, argument 8",
                        "FusedSgemm.biasRelu, argument 9",
                        "FusedSgemm.sgdStep, argument 14");
    }

    private static boolean accepts(Method method, Object[] arguments) throws IllegalAccessException {
        try {
            method.invoke(null, arguments);
            return true;
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).as(method.toString()).isInstanceOf(NullPointerException.class);
            return false;
        }
    }

    /** Zeros, and arrays of a few elements; but the second number behind an array is its leading dimension. */
    private static Object[] ofNothing(Class<?>[] types) {
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            if (types[i] == Workers.class) {
                arguments[i] = Workers.serial();
            } else if (types[i] == Transpose.class) {
                arguments[i] = Transpose.N;
            } else if (types[i].isArray()) {
                arguments[i] = Array.newInstance(types[i].getComponentType(), 16);
            } else {
                boolean leadingDimension =
                        i > 1 && types[i] == int.class && types[i - 1] == int.class && types[i - 2].isArray();
                arguments[i] = leadingDimension ? 1 : Array.get(Array.newInstance(types[i], 1), 0);
            }
        }
        return arguments;
    }

    /** The sources of the classes that hand their calls to a kernel, by name. */
    private static Map<String, String> facades() throws IOException {
        Map<String, String> facades = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/lanewise/kernels"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                if (text.contains(" KERNEL = Backend.active()")) {
                    facades.put(file.getFileName().toString().replace(".java", ""), text);
                }
            }
        }
        return facades;
    }
}
