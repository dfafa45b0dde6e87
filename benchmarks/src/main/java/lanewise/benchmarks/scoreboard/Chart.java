package lanewise.benchmarks.scoreboard;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import lanewise.benchmarks.Failure;
import lanewise.trainer.io.AtomicFile;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Draws the products of a scoreboard, on one thread: a group of bars a shape, a bar an implementation. */
public final class Chart {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 500;

    private Chart() {}

    /**
     * The verb {@code chart}.
     *
     * @param json what {@code scoreboard --json} wrote
     * @param file where to draw, without the extension
     */
    public static void run(Path json, String file) {
        System.setProperty("java.awt.headless", "true");
        CategoryChart chart = of(json);
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        chart.paint(image.createGraphics(), WIDTH, HEIGHT);
        VectorGraphics2D graphics = new VectorGraphics2D();
        chart.paint(graphics, WIDTH, HEIGHT);
        Document svg = Processors.get("svg").getDocument(graphics.getCommands(), new PageSize(0, 0, WIDTH, HEIGHT));
        Map<Path, AtomicFile.Content> files = new LinkedHashMap<>();
        files.put(Path.of(file + ".png"), out -> ImageIO.write(image, "png", out));
        files.put(Path.of(file + ".svg"), svg::writeTo);
        AtomicFile.writeAll(files);
    }

    static CategoryChart of(Path file) {
        try {
            return of(read(file));
        } catch (JacksonException e) {
            throw new Failure(Failure.FAILED, file + ": cannot be read: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new Failure(Failure.FAILED, file + ": cannot be read: " + e.getMessage());
        }
    }

    private static List<JsonNode> read(Path file) throws IOException {
        List<JsonNode> products = new ArrayList<>();
        for (JsonNode row : new JsonMapper().readTree(Files.readString(file))) {
            // All that --full adds would not fit.
            String product =
                    row.path("trans").asString() + ":" + row.path("shape").asString();
            if (row.path("kernel").asString().equals("sgemm")
                    && Rows.isUsual(product)
                    && row.path("threads").asInt() == 1
                    && !row.path("impl").asString().equals("lanewise-scalar")) {
                products.add(row);
            }
        }
        if (products.isEmpty()) {
            throw new Failure(Failure.FAILED, file + ": no product on one thread (expected a scoreboard's JSON)");
        }
        return products;
    }

    private static CategoryChart of(List<JsonNode> products) {
        Set<String> shapes = new LinkedHashSet<>();
        Set<String> impls = new LinkedHashSet<>();
        for (JsonNode row : products) {
            shapes.add(name(row));
            impls.add(row.path("impl").asString());
        }
        JsonNode first = products.get(0);
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("sgemm on one thread, %s, JDK %s"
                        .formatted(
                                first.path("cpu").asString(), first.path("jdk").asString()))
                .yAxisTitle("% of the FMA ceiling")
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(100.0);
        for (String impl : impls) {
            List<Double> shares = new ArrayList<>();
            for (String shape : shapes) {
                shares.add(products.stream()
                        .filter(row -> name(row).equals(shape)
                                && row.path("impl").asString().equals(impl))
                        .map(row -> 100 * row.path("ceiling_fraction").asDouble())
                        .findFirst()
                        .orElse(null));
            }
            chart.addSeries(impl, List.copyOf(shapes), shares);
        }
        return chart;
    }

    private static String name(JsonNode row) {
        String trans = row.path("trans").asString();
        return (row.path("shape").asString() + (trans.equals("NN") ? "" : " " + trans)).toLowerCase(Locale.ROOT);
    }
}
