// Reads archives by Java's two readers: ZipFile, by the central directory, and ZipInputStream, from the front without
// it. Paths come line by line on standard input; readers.py says what is printed. It judges nothing.

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

public class ReadZip {
    private interface Reader {
        void read(String path) throws Exception;
    }

    private static final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        BufferedReader paths = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String path = paths.readLine(); path != null; path = paths.readLine()) {
            report("ZipFile", path, ReadZip::byDirectory);
            report("ZipInputStream", path, ReadZip::byStream);
        }
        out.flush();
    }

    private static void report(String name, String path, Reader reader) {
        out.println("reader " + name + " " + hex(path));
        try {
            reader.read(path);
        } catch (Exception fault) {
            out.println("refused " + hex(fault.toString()));
        }
        out.println("end");
    }

    private static void byDirectory(String path) throws Exception {
        try (ZipFile archive = new ZipFile(path)) {
            for (Enumeration<? extends ZipEntry> all = archive.entries(); all.hasMoreElements();) {
                ZipEntry entry = all.nextElement();
                listed(entry);
            }
            for (Enumeration<? extends ZipEntry> all = archive.entries(); all.hasMoreElements();) {
                String name = all.nextElement().getName();
                try (InputStream content = archive.getInputStream(archive.getEntry(name))) {
                    unpacked(name, content);
                }
            }
        }
    }

    private static void byStream(String path) throws Exception {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(Path.of(path)));
                ZipInputStream archive = new ZipInputStream(file)) {
            for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                unpacked(entry.getName(), archive);
                listed(entry);
            }
        }
    }

    private static void listed(ZipEntry entry) {
        out.println("listed " + entry.getSize() + " " + hex(entry.getName()));
    }

    private static void unpacked(String name, InputStream content) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] piece = new byte[1 << 16];
        long size = 0;
        for (int length = content.read(piece); length >= 0; length = content.read(piece)) {
            digest.update(piece, 0, length);
            size += length;
        }
        out.println("unpacked " + size + " " + HexFormat.of().formatHex(digest.digest()) + " " + hex(name));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
