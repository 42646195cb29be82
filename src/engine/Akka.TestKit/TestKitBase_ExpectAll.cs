using System.Runtime.CompilerServices;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

// Expectations of one out of several messages, or of several in any order.
public abstract partial class TestKitBase
{
    /// <summary>The next message is one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        ExpectMsgAnyOfAsync(messages, cancellationToken).Wait();

    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var expected = messages.ToList();
        return ExpectAsync<T>(RemainingOrDefault, null, (message, _) =>
        {
            if (!expected.Contains(message)) throw Failure($"Expected one of {List(expected)}, but got {message}.");
        }, cancellationToken);
    }

    /// <summary>The next messages are these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        ExpectMsgAllOf((IReadOnlyCollection<T>)messages, CancellationToken.None);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAllOfAsync(messages, cancellationToken).ToList(cancellationToken);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        ExpectMsgAllOf(max, (IReadOnlyCollection<T>)messages, CancellationToken.None);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAllOfAsync(max, messages, cancellationToken).ToList(cancellationToken);

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages,
        CancellationToken cancellationToken = default) =>
        ExpectAllAsync<T, T>(RemainingOrDefault, messages, Equal, cancellationToken);

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages,
        CancellationToken cancellationToken = default) =>
        ExpectAllAsync<T, T>(Dilated(max.CheckFinite(nameof(max))), messages, Equal, cancellationToken);

    /// <summary>The next messages fit these predicates, one each, in any order.</summary>
    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(params PredicateInfo[] predicates) =>
        ExpectMsgAllOfMatchingPredicates((IReadOnlyCollection<PredicateInfo>)predicates, CancellationToken.None);

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(IReadOnlyCollection<PredicateInfo> predicates,
        CancellationToken cancellationToken) =>
        ExpectMsgAllOfMatchingPredicatesAsync(predicates, cancellationToken).ToList(cancellationToken);

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(TimeSpan max,
        params PredicateInfo[] predicates) =>
        ExpectMsgAllOfMatchingPredicates(max, (IReadOnlyCollection<PredicateInfo>)predicates, CancellationToken.None);

    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(TimeSpan max,
        IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellationToken) =>
        ExpectMsgAllOfMatchingPredicatesAsync(max, predicates, cancellationToken).ToList(cancellationToken);

    public IAsyncEnumerable<object> ExpectMsgAllOfMatchingPredicatesAsync(IReadOnlyCollection<PredicateInfo> predicates,
        CancellationToken cancellationToken = default) =>
        ExpectAllAsync<object, PredicateInfo>(RemainingOrDefault, predicates, Fits, cancellationToken);

    public IAsyncEnumerable<object> ExpectMsgAllOfMatchingPredicatesAsync(TimeSpan max,
        IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellationToken = default) =>
        ExpectAllAsync<object, PredicateInfo>(
            Dilated(max.CheckFinite(nameof(max))), predicates, Fits, cancellationToken);

    async IAsyncEnumerable<T> ExpectAllAsync<T, TExpected>(TimeSpan max, IReadOnlyCollection<TExpected> expected,
        Func<object, TExpected, bool> fits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var missing = expected.ToList();
        var unexpected = new List<object>();
        await foreach (var message in ReceiveExactlyAsync(expected.Count, max, cancellationToken))
        {
            var index = missing.FindIndex(e => fits(message, e));
            if (index >= 0) missing.RemoveAt(index);
            else unexpected.Add(message);
            if (message is T typed) yield return typed;
        }
        if (missing.Count > 0) throw Failure($"Did not get {List(missing)}; got {List(unexpected)} instead.");
    }

    static bool Equal<T>(object message, T expected) => message is T typed && Equals(typed, expected);

    static bool Fits(object message, PredicateInfo predicate) =>
        predicate.Type.IsInstanceOfType(message) && (bool)predicate.PredicateT.DynamicInvoke(message)!;

    static string List<T>(IEnumerable<T> messages) => $"[{string.Join(", ", messages)}]";
}

/// <summary>A predicate on messages of one type.</summary>
public class PredicateInfo
{
    PredicateInfo(Type type, Delegate predicate)
    {
        Type = type;
        PredicateT = predicate;
    }

    public Type Type { get; }

    public Delegate PredicateT { get; }

    public static PredicateInfo Create<T>(Predicate<T> predicateT) => new(typeof(T), predicateT);

    public override string ToString() => $"a predicate on {Type}";
}
