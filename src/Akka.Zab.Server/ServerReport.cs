using System.Globalization;

namespace Akka.Zab.Server;

/// <summary>What a server says of itself in its answers to <c>srvr</c> and <c>mntr</c>.</summary>
/// <param name="Address">Host and port that were asked.</param>
/// <param name="Role">leader, follower or observer; <c>not serving</c>, <c>read-only</c>, or
/// <c>unreachable</c>.</param>
internal sealed record ServerReport(string Address, string Role)
{
    public const string NotServing = "not serving";
    public const string ReadOnly = "read-only";
    public const string Unreachable = "unreachable";

    public long Zxid { get; init; }
    public long Sessions { get; init; }
    public long Connections { get; init; }
    public long Znodes { get; init; }
    public long Outstanding { get; init; }
    public double LatencyMinMs { get; init; }
    public double LatencyAverageMs { get; init; }
    public double LatencyMaxMs { get; init; }
    public string Version { get; init; } = "";

    /// <summary>The epoch that the server is in; of a server that does not say, that of its last transaction.</summary>
    public long Epoch { get; init; }

    /// <summary>Whether it has a leader; one that lets clients only read has none.</summary>
    public bool Serves => Role is not (NotServing or ReadOnly or Unreachable);

    public bool Leads => Role is "leader" or "standalone";

    /// <summary>Asks the server at <paramref name="address"/>.</summary>
    public static async Task<ServerReport> AskAsync(string address, TimeSpan patience, CancellationToken stop)
    {
        var (host, port) = Split(address);
        var srvr = await WordClient.AskAsync(host, port, "srvr", patience, stop);
        if (srvr is null) return new ServerReport(address, Unreachable);
        var report = FromSrvr(address, srvr);
        if (!report.Serves) return report;
        var mntr = await WordClient.AskAsync(host, port, "mntr", patience, stop);
        return mntr is null ? report : report.WithMntr(mntr);
    }

    /// <summary>Reads the answer to <c>srvr</c>.</summary>
    public static ServerReport FromSrvr(string address, string srvr)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in srvr.Split('\n'))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0) values.TryAdd(line[..colon], line[(colon + 2)..].Trim());
        }
        if (!values.TryGetValue("Mode", out var mode)) return new ServerReport(address, NotServing);

        var latency = values.GetValueOrDefault("Latency min/avg/max", "0/0/0").Split('/');
        var zxid = Hex(values.GetValueOrDefault("Zxid", "0x0"));
        return new ServerReport(address, mode)
        {
            Zxid = zxid,
            Epoch = zxid >> 32,
            Connections = Number(values.GetValueOrDefault("Connections")),
            Znodes = Number(values.GetValueOrDefault("Node count")),
            Outstanding = Number(values.GetValueOrDefault("Outstanding")),
            LatencyMinMs = Real(latency.ElementAtOrDefault(0)),
            LatencyAverageMs = Real(latency.ElementAtOrDefault(1)),
            LatencyMaxMs = Real(latency.ElementAtOrDefault(2)),
            Version = values.GetValueOrDefault("Zookeeper version", "").Split(',')[0],
        };
    }

    /// <summary>Host and port of an address, the port being ZooKeeper's where none is named.</summary>
    public static (string Host, int Port) Split(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0) return (address, 2181);
        if (colon > 0
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535)
            return (address[..colon].Trim('[', ']'), port);
        throw new RefusedException($"\"{address}\" is not a host and a port such as 127.0.0.1:2181.");
    }

    ServerReport WithMntr(string mntr)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in mntr.Split('\n'))
        {
            var tab = line.IndexOf('\t');
            if (tab > 0) values.TryAdd(line[..tab], line[(tab + 1)..].Trim());
        }
        return this with
        {
            Sessions = Number(values.GetValueOrDefault("zk_global_sessions"))
                + Number(values.GetValueOrDefault("zk_local_sessions")),
            Epoch = values.TryGetValue("zk_peer_epoch", out var epoch) ? Number(epoch) : Epoch,
        };
    }

    static long Number(string? text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;

    static double Real(string? text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;

    static long Hex(string text)
        => long.TryParse(text.AsSpan(text.StartsWith("0x", StringComparison.Ordinal) ? 2 : 0), NumberStyles.HexNumber,
            CultureInfo.InvariantCulture, out var value) ? value : 0;
}
