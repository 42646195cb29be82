using System.Net.Sockets;
using System.Text;

namespace Akka.Zab.Server;

/// <summary>Asks a server one of ZooKeeper's four-letter words.</summary>
internal static class WordClient
{
    /// <summary>The answer, or null if there was none in time.</summary>
    public static async Task<string?> AskAsync(
        string host, int port, string word, TimeSpan patience, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience);
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(host, port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(word), limit.Token);
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, limit.Token);
            return answer.Length == 0 ? null : Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
