using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;

namespace Akka.Engine.Tests.Remote;

/// <summary>More than there is room for, from within and from outside.</summary>
public class OverloadTests
{
    [BundledFact]
    public async Task What_a_full_queue_cannot_take_is_a_dead_letter_and_logged_once()
    {
        using var toB = new BrokenLine();
        await using var a = new Node("a", "akka.log-dead-letters = off");
        await using var b = new Node("b", toB.Config(BrokenLine.FreePort()));
        var arrived = b.NewInbox("inbox");
        var inbox = await a.FindAsync(b, "/user/inbox");
        var letters = a.NewInbox();
        a.System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var log = a.NewInbox();
        a.System.EventStream.Subscribe(log.Ref, typeof(Warning));
        toB.Hold();
        // As many as may wait, and what the sockets on the way take.
        var lost = letters.ExpectAsync<DeadLetter>();
        var sent = 0;
        while (!lost.IsCompleted)
            for (var i = 0; i < 1000; i++)
                inbox.Tell(new Note(++sent, ""), ActorRefs.NoSender);
        var first = ((Note)(await lost).Message).Number;
        await log.ExpectAsync<Warning>(w => w.Message.ToString()!.Contains("become dead letters"));
        toB.Release();
        var last = 0;
        while (last < first - 1)
        {
            var note = await arrived.ExpectAsync<Note>();
            Assert.Equal(last + 1, note.Number);
            last = note.Number;
        }
        Assert.DoesNotContain(
            log.Drain(), w => ((Warning)w).Message.ToString()!.Contains("become dead letters"));
        inbox.Tell(new Note(-1, "afterwards"), ActorRefs.NoSender);
        await arrived.ExpectAsync<Note>(n => n.Number == -1);
    }

    [BundledFact]
    public async Task A_flood_of_connections_is_a_few_lines_in_the_log_and_harms_nobody()
    {
        await using var a = new Node("a");
        await using var b = new Node("b", "akka.loglevel = INFO");
        b.Echo();
        var log = b.NewInbox();
        b.System.EventStream.Subscribe(log.Ref, typeof(LogEvent));
        var flood = new List<Socket>();
        for (var i = 0; i < 400; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, b.Address.Port!.Value);
            flood.Add(socket);
        }
        var crowded = await log.ExpectAsync<Warning>();
        Assert.Contains("was closed at once: 256 others have not named themselves yet", crowded.Message.ToString());
        foreach (var socket in flood) socket.Dispose();
        // A peer that was turned away in the crowd comes back by itself.
        while (true)
            try
            {
                await a.FindAsync(b, "/user/echo").WaitAsync(TimeSpan.FromSeconds(1));
                break;
            }
            catch (Exception e) when (e is ActorNotFoundException or TimeoutException)
            {
                // Once more.
            }
        Assert.DoesNotContain(log.Drain(), e => e is Warning or Error);
    }

    [BundledTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Strangers_leave_one_line_each_and_no_trace(bool halfAFrame)
    {
        await using var a = new Node("a");
        await using var b = new Node("b", "akka.loglevel = INFO");
        b.Echo();
        var log = b.NewInbox();
        b.System.EventStream.Subscribe(log.Ref, typeof(LogEvent));
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, b.Address.Port!.Value);
            // The engine's own first bytes, and then not what they announce.
            if (halfAFrame) await socket.SendAsync("\u0001AKKZAB\u0001\u0020\0\0\0\u0001"u8.ToArray());
            socket.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await socket.ReceiveAsync(new byte[16]).WaitAsync(Node.Patience));
        }
        await log.ExpectAsync<LogEvent>(
            e => e.Message.ToString()!.Contains("was closed before it") && e.Cause is null);
        Assert.NotNull(await a.FindAsync(b, "/user/echo"));
        Assert.DoesNotContain(log.Drain(), e => e is Warning or Error);
    }
}
