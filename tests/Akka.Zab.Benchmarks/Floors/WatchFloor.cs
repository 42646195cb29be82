using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Zab.Benchmarks.Ensembles;

namespace Akka.Zab.Benchmarks.Floors;

/// <summary>
/// What the load generator and the loopback need to bring one event to many watchers: a server that keeps nothing, and at a
/// write does nothing but send each watcher its event, one after the other from one thread, each by one system call.
/// </summary>
internal static class WatchFloor
{
    public static async Task RunAsync(string bench, int watchers, string work)
    {
        var tools = await LoadTools.CompileAsync(bench, Path.Combine(work, "tools"));
        using var server = new Server();
        var hosts = $"127.0.0.1:{server.Port}";
        Console.WriteLine($"{watchers:n0} watchers told by a server that does nothing else, ms");
        for (var run = 0; run < 5; run++)
            Console.WriteLine((await tools.RunAsync("zkflood", hosts, $"-m watch -c {watchers} -w 4 -n 10"))["mean_ms"]);
    }

    private sealed class Server : IDisposable
    {
        private const int GetData = 4;
        private const int SetData = 5;
        private const int Create = 1;

        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _watchers = [];

        public Server()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(1024);
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                    _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (SocketException)
            {
                // Disposed.
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            using var _ = socket;
            socket.NoDelay = true;
            var buffer = new byte[4096];
            var filled = 0;
            var greeted = false;
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var read)
            {
                filled += read;
                var at = 0;
                while (filled - at >= 4 && BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at)) is var size && filled - at - 4 >= size)
                {
                    if (greeted) Answer(socket, buffer.AsSpan(at + 4, size));
                    else Send(socket, Greeting());
                    greeted = true;
                    at += 4 + size;
                }
                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
            }
            lock (_watchers) _watchers.Remove(socket);
        }

        private void Answer(Socket socket, ReadOnlySpan<byte> request)
        {
            var (xid, op) = (BinaryPrimitives.ReadInt32BigEndian(request), BinaryPrimitives.ReadInt32BigEndian(request[4..]));
            lock (_watchers)
            {
                if (op == GetData && request[^1] != 0) _watchers.Add(socket);
                if (op == SetData) Fire();
            }
            // A stat, and before it the data: a length and nothing. Of a create, the empty path.
            Send(socket, Reply(xid, bodyBytes: op switch { GetData => 4 + 68, SetData => 68, Create => 4, _ => 0 }));
        }

        private void Fire()
        {
            var path = Encoding.ASCII.GetBytes("/a-path-like/w");
            var told = Frame(16 + 4 + 4 + 4 + path.Length);
            told.AsSpan(4, 12).Fill(0xff); // the xid and the zxid of events
            BinaryPrimitives.WriteInt32BigEndian(told.AsSpan(20), 3); // its data have changed
            BinaryPrimitives.WriteInt32BigEndian(told.AsSpan(24), 3); // connected
            BinaryPrimitives.WriteInt32BigEndian(told.AsSpan(28), path.Length);
            path.CopyTo(told, 32);
            foreach (var watcher in _watchers)
                watcher.Send(told);
            _watchers.Clear();
        }

        private static byte[] Greeting()
        {
            var greeting = Frame(37);
            BinaryPrimitives.WriteInt32BigEndian(greeting.AsSpan(8), 30_000); // the timeout
            greeting[19] = 1; // the session
            greeting[23] = 16; // its secret's length
            return greeting;
        }

        private static byte[] Reply(int xid, int bodyBytes)
        {
            var reply = Frame(16 + bodyBytes);
            BinaryPrimitives.WriteInt32BigEndian(reply.AsSpan(4), xid);
            return reply;
        }

        private static byte[] Frame(int bytes)
        {
            var frame = new byte[4 + bytes];
            BinaryPrimitives.WriteInt32BigEndian(frame, bytes);
            return frame;
        }

        private static void Send(Socket socket, byte[] frame) => socket.Send(frame);
    }
}
