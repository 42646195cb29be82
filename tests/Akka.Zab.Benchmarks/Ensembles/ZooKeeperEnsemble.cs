using System.Diagnostics;
using System.Globalization;

namespace Akka.Zab.Benchmarks.Ensembles;

/// <summary>
/// Apache ZooKeeper as Debian packages it. Its four-letter words and extended types are on and the limit of connections
/// is off; nothing else is tuned. ZK_JVM_OPTS has the options of its virtual machine, a heap of 1 GB by default.
/// </summary>
internal sealed class ZooKeeperEnsemble(string folder) : Ensemble("ZooKeeper", folder, firstPort: 12181)
{
    public const string Jar = "/usr/share/java/zookeeper.jar";

    private static readonly string Options =
        Environment.GetEnvironmentVariable("ZK_JVM_OPTS") is { Length: > 0 } options ? options : "-Xmx1g";

    /// <summary>The histogram of live objects collects everything first; its last line has the sum.</summary>
    public override async Task<long> LiveHeapAsync(int id)
    {
        var histogram = await Tool.RunAsync("jcmd", [$"{ProcessOf(id)}", "GC.class_histogram"]);
        var total = histogram.Split('\n').Last(line => line.StartsWith("Total", StringComparison.Ordinal));
        return long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);
    }

    protected override void Configure(int id)
    {
        File.WriteAllText(Path.Combine(Folder(id), "myid"), $"{id}\n");
        var members = Shape.Servers == 1 ? "" : string.Concat(Shape.Ids.Select(member =>
            $"server.{member}=127.0.0.1:{12880 + Offset + member}:{13880 + Offset + member}{(Shape.Observes(member) ? ":observer" : "")}\n"));
        File.WriteAllText(Config(id),
            $"""
            tickTime=2000
            initLimit=10
            syncLimit=5
            dataDir={Folder(id)}
            clientPortAddress=127.0.0.1
            clientPort={Port(id)}
            maxClientCnxns=0
            4lw.commands.whitelist=*
            admin.enableServer=false
            extendedTypesEnabled=true
            {(Shape.Observes(id) ? "peerType=observer" : "")}
            {members}
            """);
        File.WriteAllText(Path.Combine(Folder(id), "log4j.properties"),
            $"""
            log4j.rootLogger=WARN, FILE
            log4j.appender.FILE=org.apache.log4j.FileAppender
            log4j.appender.FILE.File={Path.Combine(Folder(id), "server.log")}
            log4j.appender.FILE.layout=org.apache.log4j.PatternLayout
            log4j.appender.FILE.layout.ConversionPattern=%d %-5p %c - %m%n
            """);
    }

    protected override ProcessStartInfo Program(int id) => new(
        "java",
        [
            .. Options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "-Dzookeeper.extendedTypesEnabled=true",
            $"-Dlog4j.configuration=file:{Path.Combine(Folder(id), "log4j.properties")}",
            "-cp", $"{Folder(id)}:{Jar}",
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            Config(id),
        ]);

    private string Config(int id) => Path.Combine(Folder(id), "zoo.cfg");
}
