using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Checking;

/// <summary>
/// Every one-shot watch that was left is told of the first change that it waits for, once, in the order of the
/// transactions, and before any answer that shows the change; nothing is told that no watch waits for. It is worked out
/// from the committed history for each connection what it should be told, and compared with what it was.
/// </summary>
internal sealed class WatchStreams
{
    private const string Missed = "every change that a watch waits for is told, before an answer shows it";
    private const string Foreign = "nothing is told but what a watch waits for, once and in order";

    private readonly CommittedHistory history;
    private readonly List<Violation> violations = [];
    private readonly Dictionary<int, Connection> connections = [];
    private readonly Dictionary<long, Invoked> begun = [];

    /// <summary>What a connection waits for, and how far its stream has come.</summary>
    private sealed class Connection
    {
        public readonly HashSet<string> Data = [];
        public readonly HashSet<string> Children = [];

        /// <summary>What should have been told and has not been.</summary>
        public readonly Queue<WatchEvent> Expected = new();

        /// <summary>How many transactions its stream has passed.</summary>
        public int Passed;
    }

    private WatchStreams(CommittedHistory history) => this.history = history;

    /// <param name="events">What the clients did and were told.</param>
    /// <param name="history">Everything that was committed.</param>
    /// <param name="settled">
    /// Whether in the end everything had arrived: then connections that are still open were told everything.
    /// </param>
    public static IReadOnlyList<Violation> Check(
        IReadOnlyList<ClientEvent> events, CommittedHistory history, bool settled)
    {
        var check = new WatchStreams(history);
        foreach (var happened in events)
            check.On(happened);
        if (settled)
        {
            foreach (var (client, connection) in check.connections)
            {
                check.Pass(connection, history.Count);
                check.ExpectNothing(connection, events[^1].At, client, "in the end");
            }
        }

        return check.violations;
    }

    private void On(ClientEvent happened)
    {
        switch (happened)
        {
            case SessionOpened or SessionReattached:
                connections[happened.Client] = new Connection();
                break;
            case ConnectionLost or SessionExpired or SessionClosed:
                connections.Remove(happened.Client);
                break;
            case Invoked invoked:
                begun[invoked.Operation] = invoked;
                break;
            case Returned { Zxid: not 0 } returned when connections.TryGetValue(returned.Client, out var connection):
                Pass(connection, history.IndexOf(returned.Zxid));
                if (connection.Expected.Count > 0)
                {
                    ExpectNothing(
                        connection, returned.At, returned.Client,
                        $"before {Operation.Text(begun[returned.Operation].Request)} was answered at "
                        + Violation.Zxid(returned.Zxid));
                }

                Register(connection, begun[returned.Operation].Request, returned.Reply);
                break;
            case WatchFired fired when connections.TryGetValue(fired.Client, out var connection):
                OnFired(connection, fired);
                break;
        }
    }

    private void OnFired(Connection connection, WatchFired fired)
    {
        Pass(connection, history.IndexOf(fired.Zxid));
        if (connection.Expected.TryPeek(out var next) && next == fired.Event)
        {
            connection.Expected.Dequeue();
            return;
        }

        violations.Add(new Violation(
            Foreign, fired.At,
            $"client {fired.Client} was told {Text(fired.Event)}, and should have been told "
            + (connection.Expected.Count == 0 ? "nothing" : Text(next!))));

        // What was skipped is missing; what was told in its place is not expected again.
        if (connection.Expected.Contains(fired.Event))
        {
            while (connection.Expected.Dequeue() != fired.Event)
            {
            }
        }
    }

    private void ExpectNothing(Connection connection, long at, int client, string when)
    {
        while (connection.Expected.TryDequeue(out var missed))
            violations.Add(new Violation(Missed, at, $"client {client} was not told {Text(missed)} {when}"));
    }

    private static void Register(Connection connection, Request request, Reply reply)
    {
        switch (request)
        {
            case GetData { Watch: true } read when reply is DataReply:
                connection.Data.Add(read.Path);
                break;
            case Exists { Watch: true } read when reply is StatReply or ErrorReply { Error: ZabError.NoNode }:
                connection.Data.Add(read.Path);
                break;
            case GetChildren { Watch: true } read when reply is ChildrenReply:
                connection.Children.Add(read.Path);
                break;
        }
    }

    /// <summary>The connection's server has applied so many transactions.</summary>
    private void Pass(Connection connection, int count)
    {
        for (; connection.Passed < count; connection.Passed++)
        {
            var txn = history.Txn(connection.Passed + 1).Txn;
            Fire(connection, txn.Header.Zxid, txn.Body);
        }
    }

    private static void Fire(Connection connection, long zxid, Txn body)
    {
        switch (body)
        {
            case SetDataTxn set:
                if (connection.Data.Remove(set.Path))
                    Expect(WatchEventType.NodeDataChanged, set.Path);
                break;
            case CreateTxn create:
                if (connection.Data.Remove(create.Path))
                    Expect(WatchEventType.NodeCreated, create.Path);
                Parent(create.Path);
                break;
            case DeleteTxn delete:
                Deleted(delete.Path);
                break;
            case CloseSessionTxn close:
                foreach (var path in close.Ephemerals)
                    Deleted(path);
                break;
            case MultiTxn multi:
                foreach (var part in multi.Parts)
                    Fire(connection, zxid, part);
                break;
        }

        void Deleted(string path)
        {
            var data = connection.Data.Remove(path);
            if (connection.Children.Remove(path) || data)
                Expect(WatchEventType.NodeDeleted, path);
            Parent(path);
        }

        void Parent(string path)
        {
            if (connection.Children.Remove(TreeModel.ParentOf(path)))
                Expect(WatchEventType.NodeChildrenChanged, TreeModel.ParentOf(path));
        }

        void Expect(WatchEventType type, string path) => connection.Expected.Enqueue(new WatchEvent(type, path, zxid));
    }

    private static string Text(WatchEvent fired) => $"{fired.Type} {fired.Path} of {Violation.Zxid(fired.Zxid)}";
}
