using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Checking;

/// <summary>The linearizable operations of a history: writes, synced reads, and the ends of sessions.</summary>
internal static class Operations
{
    /// <param name="events">What the clients did and were told, until nothing was under way any more.</param>
    /// <param name="committed">
    /// Everything that was ever committed, to tell what became of operations without an answer: a value is written by
    /// one operation only, so it is there or its operation never took effect. Null if only the clients are to be heard.
    /// </param>
    public static List<Operation> Of(IReadOnlyList<ClientEvent> events, IReadOnlyList<Committed>? committed = null)
    {
        var places = new Places(events);
        var returns = new Dictionary<long, (long Place, Returned Event)>();
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is Returned returned)
                returns[returned.Operation] = (Places.At(i), returned);
        }

        var fates = committed is null ? null : new Fates(committed, places);
        var operations = new List<Operation>();
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is not Invoked { Kind: not OperationKind.Read } invoked || !TreeModel.Knows(invoked.Request))
                continue;
            var operation = new Operation(
                invoked.Session, Places.At(i), Operation.Never, invoked.Request, null, Outcome.Unknown)
            {
                At = invoked.At,
            };
            if (returns.TryGetValue(invoked.Operation, out var answer))
            {
                // Refused for a reason that has nothing to do with the tree: it changed nothing, and shows nothing.
                if (answer.Event.Reply is ErrorReply { Error: var error } && !IsOfTheTree(error))
                    continue;
                operations.Add(operation with
                {
                    Return = answer.Place,
                    Reply = answer.Event.Reply,
                    Outcome = Outcome.Answered,
                });
            }
            else if (fates is null)
            {
                operations.Add(operation);
            }
            else if (fates.Of(operation) is { } known)
            {
                operations.Add(known);
            }
        }

        operations.AddRange(Expirations(events, committed, places));
        return operations;
    }

    /// <summary>
    /// The sessions that the ensemble ended. If it is not known whether it did, it may have at any time after the open.
    /// </summary>
    private static IEnumerable<Operation> Expirations(
        IReadOnlyList<ClientEvent> events, IReadOnlyList<Committed>? committed, Places places)
    {
        var ended = committed?.Where(entry => entry.Txn is { Body: CloseSessionTxn, Header.RequestId: 0 })
            .ToDictionary(entry => entry.Txn.Header.SessionId, entry => places.After(entry.At));
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is not SessionOpened opened)
                continue;
            var outcome = Outcome.Unknown;
            var by = Operation.Never;
            if (ended is not null && ended.TryGetValue(opened.Session, out by))
                outcome = Outcome.Happened;
            else if (ended is not null)
                continue;
            yield return new Operation(opened.Session, Places.At(i), by, new CloseSession(), null, outcome)
            {
                Lane = ~opened.Session,
                At = opened.At,
            };
        }
    }

    private static bool IsOfTheTree(ZabError error) => error is ZabError.NoNode or ZabError.NodeExists
        or ZabError.BadVersion or ZabError.NotEmpty or ZabError.NoChildrenForEphemerals;

    /// <summary>Moments: the places of events in their list, and those between them.</summary>
    private sealed class Places(IReadOnlyList<ClientEvent> events)
    {
        public static long At(int index) => index * 2L;

        /// <summary>After every event of this microsecond.</summary>
        public long After(long microseconds)
        {
            int low = 0, high = events.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (events[middle].At <= microseconds)
                    low = middle + 1;
                else
                    high = middle;
            }

            return (low * 2L) - 1;
        }
    }

    /// <summary>What became of operations that were not answered.</summary>
    private sealed class Fates
    {
        private readonly Dictionary<long, long> writtenAt = [];
        private readonly Dictionary<long, long> closedAt = [];
        private readonly Places places;

        public Fates(IReadOnlyList<Committed> committed, Places places)
        {
            this.places = places;
            foreach (var entry in committed)
            {
                Note(entry.Txn.Body, entry.At);
                if (entry.Txn is { Body: CloseSessionTxn, Header.RequestId: not 0 })
                    closedAt[entry.Txn.Header.SessionId] = entry.At;
            }
        }

        /// <summary>The operation with what is known of it; null if it never took effect.</summary>
        public Operation? Of(Operation operation)
        {
            if (operation.Request is CloseSession)
                return closedAt.TryGetValue(operation.Session, out var closed) ? Happened(operation, closed) : null;
            var value = ValueIn(operation.Request);
            if (value == 0)
                return operation;
            return writtenAt.TryGetValue(value, out var at) ? Happened(operation, at) : null;
        }

        private Operation Happened(Operation operation, long at) =>
            operation with { Return = places.After(at), Outcome = Outcome.Happened };

        private void Note(Txn body, long at)
        {
            switch (body)
            {
                case CreateTxn create:
                    writtenAt.TryAdd(Values.In(create.Data), at);
                    break;
                case SetDataTxn set:
                    writtenAt.TryAdd(Values.In(set.Data), at);
                    break;
                case MultiTxn multi:
                    foreach (var part in multi.Parts)
                        Note(part, at);
                    break;
            }
        }

        private static long ValueIn(WriteRequest request) => request switch
        {
            Create create => Values.In(create.Data),
            SetData set => Values.In(set.Data),
            Multi multi => multi.Operations.Select(ValueIn).FirstOrDefault(value => value != 0),
            _ => 0,
        };

        private static long ValueIn(Request request) => request is WriteRequest write ? ValueIn(write) : 0;
    }
}
