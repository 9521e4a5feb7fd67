import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialog,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

/** What is asked before something that can't be undone. */
export interface Question {
  title: string;
  text: string;
  /** What the button that does it says. */
  action: string;
}

@Component({
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ question.title }}</h2>
    <mat-dialog-content>{{ question.text }}</mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" [mat-dialog-close]="false">Keep it</button>
      <button matButton="filled" type="button" class="act" [mat-dialog-close]="true">{{ question.action }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    .act {
      --mat-button-filled-container-color: var(--mat-sys-error);
      --mat-button-filled-label-text-color: var(--mat-sys-on-error);
    }
  `,
})
class ConfirmDialog {
  protected readonly question = inject<Question>(MAT_DIALOG_DATA);
}

/** Asks; `true` if the person says so. */
export async function confirmWith(dialog: MatDialog, question: Question): Promise<boolean> {
  const reference = dialog.open<ConfirmDialog, Question, boolean>(ConfirmDialog, {
    data: question,
    role: 'alertdialog',
    maxWidth: '28rem',
  });
  return (await firstValueFrom(reference.afterClosed())) === true;
}
