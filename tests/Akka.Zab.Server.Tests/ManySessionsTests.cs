using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Zab.Server.Tests.BackToBack;
using Xunit.Abstractions;

namespace Akka.Zab.Server.Tests;

/// <summary>
/// Many sessions that do nothing but ping, with the server in a process of its own: each process has a socket for each of
/// them. <c>ZAB_SESSIONS</c> says how many (10000 to measure), and <c>ZAB_PING_SECONDS</c> for how long they ping at the
/// pace of real clients, three times in a timeout of ten seconds; without it they ping three times one after the other.
/// </summary>
[Collection("processes")]
public sealed class ManySessionsTests(ITestOutputHelper output)
{
    const int TimeoutMs = 10_000;
    const int AtOnce = 100;

    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    static readonly byte[] _ping = [0, 0, 0, 8, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 11];

    static int Setting(string name, int otherwise) => int.TryParse(
        Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    [Fact]
    public async Task Sessions_that_ping_live_on()
    {
        var (count, seconds) = (Setting("ZAB_SESSIONS", 200), Setting("ZAB_PING_SECONDS", 0));
        await using var server = new OurServer(new PairSettings { ShortestTimeoutMs = TimeoutMs });
        var endpoint = new IPEndPoint(IPAddress.Loopback, await server.StartedAsync());
        var sessions = new List<Socket>();
        try
        {
            while (sessions.Count < count)
            {
                var some = Enumerable.Range(0, Math.Min(AtOnce, count - sessions.Count)).Select(_ => OpenAsync(endpoint));
                sessions.AddRange(await Task.WhenAll(some));
                // The first ones must not wait until the last ones have come.
                if (sessions.Count % 2000 < AtOnce) await PingAsync(sessions);
            }
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(TimeoutMs / 3.0));
            using var process = Process.GetProcessById(server.ProcessId);
            var (began, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
            var rounds = seconds == 0 ? 3 : Math.Max(1, seconds * 3000 / TimeoutMs);
            for (var round = 0; round < rounds; round++)
            {
                if (seconds > 0) await pace.WaitForNextTickAsync();
                await PingAsync(sessions);
            }
            process.Refresh();
            var (wall, cpu) = (Stopwatch.GetElapsedTime(began), process.TotalProcessorTime - before);
            output.WriteLine(FormattableString.Invariant(
                $"{count} sessions, {rounds * count} pings in {wall.TotalSeconds:0.0} s: {cpu.TotalMilliseconds:0} ms of the server's CPU, {cpu.TotalMicroseconds / (rounds * count):0.0} us a ping, {cpu / wall:P1} of a core"));
            Assert.Contains($")/({count}):\n", await WordAsync(endpoint, "dump"));
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }

    static async Task<Socket> OpenAsync(IPEndPoint endpoint)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint);
        var request = new byte[4 + 45];
        BinaryPrimitives.WriteInt32BigEndian(request, 45);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(16), TimeoutMs);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(28), 16);
        await socket.SendAsync(request);
        var answer = await ReceiveAsync(socket, 4 + 37);
        Assert.Equal(TimeoutMs, BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(8)));
        return socket;
    }

    static async Task PingAsync(List<Socket> sessions)
    {
        foreach (var session in sessions) await session.SendAsync(_ping);
        foreach (var session in sessions)
        {
            var reply = await ReceiveAsync(session, 20);
            Assert.Equal(-2, BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(4)));
            Assert.Equal(0, BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(16)));
        }
    }

    static async Task<byte[]> ReceiveAsync(Socket socket, int length)
    {
        using var patience = new CancellationTokenSource(_patience);
        var bytes = new byte[length];
        for (var filled = 0; filled < length;)
        {
            var received = await socket.ReceiveAsync(bytes.AsMemory(filled), patience.Token);
            if (received == 0) throw new EndOfStreamException("The server closed the connection of a session.");
            filled += received;
        }
        return bytes;
    }

    static async Task<string> WordAsync(IPEndPoint endpoint, string word)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(word));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(_patience);
    }
}
