namespace Akka.Zab.Server.Ensemble;

/// <summary>What <c>zab dev</c> was asked for.</summary>
/// <param name="Servers">How many servers.</param>
/// <param name="Data">Server i keeps its data in the folder i below this one.</param>
/// <param name="ClientPort">The first server's port for ZooKeeper clients.</param>
/// <param name="RemotePort">The first server's port for Akka.</param>
/// <param name="Fresh">Delete what is there.</param>
/// <param name="Restart">Start a server that died again.</param>
/// <param name="Sets">Settings for every server, as <c>path=value</c>.</param>
internal sealed record DevOptions(
    int Servers, string Data, int ClientPort, int RemotePort, bool Fresh, bool Restart, IReadOnlyList<string> Sets)
{
    /// <summary>All on loopback.</summary>
    public const string Host = "127.0.0.1";

    /// <summary>The name of the actor systems.</summary>
    public const string System = "zab";

    public IEnumerable<int> Ids => Enumerable.Range(1, Servers);

    public string ClientAddress(int id) => $"{Host}:{ClientPort + id - 1}";

    public string RemoteAddress(int id) => $"akka.tcp://{System}@{Host}:{RemotePort + id - 1}";

    public string Folder(int id) => Path.Combine(Data, $"{id}");

    /// <summary>The settings of one server, as HOCON.</summary>
    public string Hocon(int id)
    {
        var members = string.Concat(Ids.Select(member =>
            $$"""

                { id = {{member}}, address = "{{RemoteAddress(member)}}", client = "{{ClientAddress(member)}}" }
            """));
        return $$"""
            # Written by "zab dev" at every start.
            akka.zab {
              server-id = {{id}}
              members = [{{members}}
              ]
              client-port { host = "{{Host}}", port = {{ClientPort + id - 1}} }
            }
            akka.remote.dot-netty.tcp { hostname = "{{Host}}", port = {{RemotePort + id - 1}} }

            """;
    }
}
