using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Sessions;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>A client that asks one thing after another, and remembers what came back.</summary>
internal sealed class StageClient(Stage stage, string name)
{
    private Connection? connection;
    private int lastXid;

    public string Name => name;

    public long SessionId { get; private set; }

    public long LastZxid { get; private set; }

    public int TimeoutMs { get; set; } = 4000;

    public bool IsConnected => connection is { Session: not null };

    /// <summary>Everything that came back: replies by their xid, events with -1.</summary>
    public List<ClientOutput> Outputs { get; } = [];

    private byte[] Secret { get; set; } = [];

    /// <summary>Connects to a server; a connection that it had before is given up.</summary>
    public void Connect(StageServer server)
    {
        Leave();
        connection = new Connection(this);
        var request = new Connect(SessionId, Secret, TimeoutMs, LastZxid);
        server.Sessions.Tell(new AttachClient(request, connection, "127.0.0.1:1"), ActorRefs.NoSender);
    }

    /// <summary>Returns the number that the reply will carry.</summary>
    public int Send(Request request)
    {
        var session = connection?.Session ?? throw new FormatException($"client {name} is not connected");
        session.Tell(new ClientRequests([new NumberedRequest(++lastXid, request)]), ActorRefs.NoSender);
        return lastXid;
    }

    /// <summary>The connection breaks; the session lives on.</summary>
    public void Leave()
    {
        connection?.Session?.Tell(new Detach(), ActorRefs.NoSender);
        connection = null;
    }

    /// <summary>The reply to a request, or null.</summary>
    public Reply? ReplyTo(int xid) => Outputs.Where(output => output.Xid == xid)
        .Select(output => (Reply)output.Content).FirstOrDefault();

    /// <summary>One connection. What comes from one that was given up is not heard any more.</summary>
    private sealed class Connection(StageClient client) : IClientSink
    {
        public IActorRef? Session { get; private set; }

        private bool IsOver => client.connection != this;

        public void Connected(Connected connected)
        {
            if (IsOver)
            {
                connected.Session.Tell(new Detach(), ActorRefs.NoSender);
                return;
            }

            Session = connected.Session;
            (client.SessionId, client.Secret) = (connected.SessionId, connected.Secret);
            client.Note("is connected");
        }

        public void Refused(DisconnectReason reason) => End($"is refused: {reason}");

        public void Disconnected(DisconnectReason reason) => End($"is disconnected: {reason}");

        public void Deliver(ClientOutput[] outputs)
        {
            if (IsOver)
                return;
            foreach (var output in outputs)
            {
                client.Outputs.Add(output);
                client.LastZxid = Math.Max(client.LastZxid, output.Zxid);
                client.Note(
                    output.Content is WatchEvent fired
                        ? $"is told: {fired.Type} {fired.Path}"
                        : $"gets: {ScriptText.Of((Reply)output.Content)}, at {ScriptText.Of(output.Zxid)}");
            }
        }

        private void End(string what)
        {
            if (IsOver)
                return;
            client.connection = null;
            client.Note(what);
        }
    }

    private void Note(string what) => stage.Note($"client {name} {what}", notable: true);
}
