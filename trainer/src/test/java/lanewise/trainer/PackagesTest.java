package lanewise.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each package can be read after those that it names. */
@Tag("no-kernel")
class PackagesTest {
    @Test
    void thePackagesFormNoCycle() {
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        jdeps.run(printer, printer, "-verbose:package", "target/classes/lanewise");
        Map<String, Set<String>> named = new TreeMap<>();
        Pattern.compile("(lanewise\\.trainer\\S*) +-> (lanewise\\.trainer\\S*)")
                .matcher(out.toString())
                .results()
                .forEach(found -> named.computeIfAbsent(found.group(1), any -> new TreeSet<>())
                        .add(found.group(2)));
        assertThat(named).as(out.toString()).hasSizeGreaterThan(5);
        // A package that names none of those left is in no cycle.
        while (named.values().removeIf(others -> Collections.disjoint(others, named.keySet()))) {}
        assertThat(named).isEmpty();
    }
}
