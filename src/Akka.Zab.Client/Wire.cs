namespace Akka.Zab.Client;

/// <summary>
/// Lists in messages are arrays, whatever kind of list they were made of: other kinds, those that the compiler makes up
/// for a collection expression among them, are types that the receiver does not know or does not accept.
/// </summary>
internal static class Wire
{
    // Null stays null: what a message from outside lacks is for its receiver to refuse.
    public static IReadOnlyList<T> Array<T>(IReadOnlyList<T> list) =>
        list is T[] or IInPlace<T> or null ? list! : Enumerable.ToArray(list);
}

/// <summary>
/// A list that is part of something larger, which a server's own actors pass on as it is. Before it is sent to a client
/// it is made an array.
/// </summary>
internal interface IInPlace<out T>
{
    /// <summary>The list as an array.</summary>
    T[] ToArray();
}
