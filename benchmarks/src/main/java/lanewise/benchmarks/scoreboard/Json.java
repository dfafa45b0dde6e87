package lanewise.benchmarks.scoreboard;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.benchmarks.Machine;
import lanewise.trainer.io.AtomicFile;
import tools.jackson.databind.json.JsonMapper;

/** The rows as an array of JSON objects, one for each implementation of each row. */
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static void write(Path file, String revision, List<Row> rows) {
        String json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(objects(revision, rows)) + "\n";
        AtomicFile.write(file, out -> out.write(json.getBytes(StandardCharsets.UTF_8)));
    }

    static List<Map<String, Object>> objects(String revision, List<Row> rows) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Row row : rows) {
            double share = row.ceilingFraction();
            double scalar = share * row.racedSeconds() / row.scalar();
            objects.add(object(row, "lanewise-simd", row.simd(), share, row.remark()));
            objects.add(object(row, "lanewise-scalar", row.scalar(), scalar, row.remark()));
            // Not from seconds: the races with a peer and those with the ceiling were minutes apart.
            row.peers()
                    .forEach((peer, race) -> objects.add(
                            object(row, peer, race.otherSeconds(), share / race.relative(), row.remark(peer))));
        }
        objects.forEach(object -> object.put("revision", revision));
        return objects;
    }

    private static Map<String, Object> object(Row row, String impl, double seconds, double fraction, String remark) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kernel", row.work().kernel());
        object.put("shape", row.work().shape().sizes());
        object.put("trans", row.work().shape().trans());
        object.put("threads", row.work().threads());
        object.put("impl", impl);
        object.put("seconds", seconds);
        object.put("gflops", row.work().flops() / seconds / 1e9);
        object.put("ceiling_fraction", fraction);
        object.put("remark", remark);
        object.put("jdk", Runtime.version().toString());
        object.put("cpu", Machine.cpuModel());
        return object;
    }
}
