using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Akka.Zab.Benchmarks.Ensembles;

/// <summary>Asks a server of either system with ZooKeeper's four-letter words.</summary>
internal static class Words
{
    /// <summary>The answer; null if there is no server.</summary>
    public static async Task<string?> AskAsync(int port, string word)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(word), patience.Token);
            using var reader = new StreamReader(connection.GetStream());
            return await reader.ReadToEndAsync(patience.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>One figure of the answer to <c>mntr</c>.</summary>
    public static async Task<long> FigureAsync(int port, string key)
    {
        var answer = await AskAsync(port, "mntr") ?? "";
        var line = answer.Split('\n').FirstOrDefault(line => line.StartsWith(key + "\t", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"The server at port {port} says nothing of {key}.");
        return long.Parse(line.AsSpan(key.Length + 1).Trim(), CultureInfo.InvariantCulture);
    }
}
