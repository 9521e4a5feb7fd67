import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** Tells which users were removed on this node, once their rows are gone. What is kept outside the user's tables goes too. */
@Injectable()
export class UserRemovals {
  private readonly subject = new Subject<string>();

  /** Ids of removed users; hot, never completes, never fails. */
  readonly removed: Observable<string> = this.subject.asObservable();

  announce(userId: string): void {
    this.subject.next(userId);
  }
}
