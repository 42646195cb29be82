using System.Globalization;
using System.Net;

namespace Akka.Zab.Client.Transport;

/// <summary>
/// What ZooKeeper's clients are given to connect to: <c>host:port,host:port/chroot</c>. The port is 2181 where none is
/// given; an IPv6 address stands in brackets.
/// </summary>
/// <param name="Servers">The servers, as <c>host:port</c>; at least one.</param>
/// <param name="Chroot">The znode that is the root for this client; empty for the real one.</param>
internal sealed record ConnectString(IReadOnlyList<string> Servers, string Chroot)
{
    private const int DefaultPort = 2181;

    /// <summary>Takes a connect string apart.</summary>
    /// <exception cref="ArgumentException">It is not one; the message says why.</exception>
    public static ConnectString Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var chroot = slash < 0 ? "" : text[slash..];
        var servers = (slash < 0 ? text : text[..slash])
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (servers.Length == 0)
            throw new ArgumentException(
                $"\"{text}\" names no server; expected host:port,host:port/chroot.", nameof(text));
        foreach (var server in servers) ParseServer(server);
        return new ConnectString(servers, Client.Chroot.Check(chroot));
    }

    /// <summary>A server of a connect string.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static DnsEndPoint ParseServer(string server)
    {
        var bracket = server.LastIndexOf(']');
        var colon = server.LastIndexOf(':');
        var host = colon > bracket ? server[..colon] : server;
        var port = DefaultPort;
        if (colon > bracket
            && (!int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port is 0 or > 65535))
        {
            throw new ArgumentException($"\"{server}\" has no port between 1 and 65535.", nameof(server));
        }
        host = host.Trim('[', ']');
        if (host.Length == 0) throw new ArgumentException($"\"{server}\" names no host.", nameof(server));
        return new DnsEndPoint(host, port);
    }
}
